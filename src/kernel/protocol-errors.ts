/** Codes of GraphQL itself, named as Apollo Server names them, that stand beside the hub's own table: the document, not the request's meaning, is at fault. */
export const PROTOCOL_ERRORS = {
  GRAPHQL_PARSE_FAILED: { status: 400, zh: '查询语句有语法错误', en: 'the document has a syntax error', mend: 'correct the document at the place in `locations`' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, zh: '查询语句与接口定义不符', en: 'the document does not fit the schema', mend: 'compare with `schema/hub.graphql`; a hub that hides its schema gives no place' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, zh: '未能确定要执行的操作', en: 'it is not clear which operation to run', mend: 'send `operationName` with the name of one operation of the document' },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, zh: '不支持以摘要代替查询语句', en: 'PersistedQueryNotSupported', mend: 'send the whole document; clients do so by themselves' },
} as const satisfies Record<string, { status: number; zh: string; en: string; mend: string }>;

export type ProtocolCode = keyof typeof PROTOCOL_ERRORS;
