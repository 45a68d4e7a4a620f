import { BREAK, Kind, visit, type ASTNode, type DocumentNode, type GraphQLError } from 'graphql';
import type { Language } from '../kernel/errors.js';

/**
 * What graphql-js says of a document, in words that cannot hold a value: its own messages quote literals and variables, which may be a
 * person's ID number. Only messages of these shapes are passed on, and of them only names (graphql 16.15, `validation/rules`).
 */
const NAME = String.raw`"([$@]?[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)?)"`;
const TYPE = String.raw`"(\[*[_A-Za-z]\w*[\]!]*)"`;
const SHAPES: readonly { shape: RegExp; zh: string; en: string }[] = [
  [`Cannot query field ${NAME} on type ${TYPE}\\..*`, '类型 $2 没有字段 $1', 'type $2 has no field $1'],
  [`Unknown argument ${NAME} on field ${NAME}\\..*`, '字段 $2 没有参数 $1', 'field $2 has no argument $1'],
  [`Unknown argument ${NAME} on directive ${NAME}\\..*`, '指令 $2 没有参数 $1', 'directive $2 has no argument $1'],
  [`Unknown type ${NAME}\\..*`, '没有类型 $1', 'there is no type $1'],
  [`Unknown fragment ${NAME}\\.`, '没有片段 $1', 'there is no fragment $1'],
  [`Unknown directive ${NAME}\\.`, '没有指令 $1', 'there is no directive $1'],
  [`Field ${NAME} of type ${TYPE} must have a selection of subfields\\..*`, '字段 $1（$2）须选取下级字段', 'field $1 of type $2 needs a selection of subfields'],
  [`Field ${NAME} must not have a selection since type ${TYPE} has no subfields\\.`, '字段 $1（$2）没有下级字段', 'field $1 of type $2 has no subfields'],
  [`Field ${NAME} argument ${NAME} of type ${TYPE} is required, but it was not provided\\.`, '字段 $1 缺少参数 $2（$3）', 'field $1 needs its argument $2 of type $3'],
  [`Directive ${NAME} argument ${NAME} of type ${TYPE} is required, but it was not provided\\.`, '指令 $1 缺少参数 $2（$3）', 'directive $1 needs its argument $2 of type $3'],
  [`Field ${NAME} of required type ${TYPE} was not provided\\.`, '缺少必填项 $1（$2）', 'required field $1 of type $2 is missing'],
  [`Field ${NAME} is not defined by type ${TYPE}\\..*`, '输入类型 $2 没有字段 $1', 'input type $2 has no field $1'],
  [`Variable ${NAME} is not defined(?: by operation ${NAME})?\\.`, '变量 $1 未声明', 'variable $1 is not declared'],
  [`Variable ${NAME} is never used(?: in operation ${NAME})?\\.`, '变量 $1 未使用', 'variable $1 is never used'],
  [`Variable ${NAME} of type ${TYPE} used in position expecting type ${TYPE}\\.`, '变量 $1 的类型 $2 不能用于需要 $3 的位置', 'variable $1 of type $2 stands where $3 is expected'],
  [`Fragment ${NAME} is never used\\.`, '片段 $1 未使用', 'fragment $1 is never used'],
  [`Cannot spread fragment ${NAME} within itself.*`, '片段 $1 引用了自身', 'fragment $1 contains itself'],
  [`Fields ${NAME} conflict because .*`, '同名字段 $1 的选取互相冲突，请使用不同的别名', 'the selections of $1 conflict; use different aliases'],
  [`There can be only one \\w+(?: \\w+)? named ${NAME}\\.`, '名称 $1 重复', 'the name $1 is used twice'],
].map(([shape, zh = '', en = '']) => ({ shape: new RegExp(`^${shape}$`), zh, en }));

const VALUE_KINDS: ReadonlySet<string> = new Set([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT]);

/** The safe sentence for a validation error; undefined where its message has no shape that is known to hold names only. */
export function findValidationSentence(message: string, language: Language): string | undefined {
  for (const { shape, zh, en } of SHAPES) {
    const match = shape.exec(message);
    if (match) return (language === 'zh' ? zh : en).replaceAll(/\$(\d)/g, (_, group: string) => `\`${match[Number(group)] ?? ''}\``);
  }
  return undefined;
}

/** The argument or input field, such as `filter.caseNo`, whose literal a validation error points to. */
export function findLiteralPath(document: DocumentNode | undefined, error: GraphQLError): string | undefined {
  const literal = error.nodes?.find((node) => VALUE_KINDS.has(node.kind) || node.kind === Kind.OBJECT_FIELD);
  if (!document || !literal) return undefined;
  const names: string[] = [];
  let path: string | undefined;
  visit(document, {
    enter(node: ASTNode) {
      if (node.kind === Kind.FIELD) names.length = 0;
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) names.push(node.name.value);
      if (node !== literal) return undefined;
      path = names.join('.');
      return BREAK;
    },
    leave(node: ASTNode) {
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) names.pop();
    },
  });
  return path || undefined;
}

/** A fault of a variable as graphql-js reports it (`execution/values`). */
export interface VariableFault {
  /** Path of the value, `input.households[3].division`; made of the schema's own names after the variable's. */
  field: string;
  zh: string;
  en: string;
}

/** Reads the error of a variable without its value: `Variable "$x" got invalid value … at "x.y"; reason`. Undefined if it is no such error. */
export function findVariableFault(error: GraphQLError): VariableFault | undefined {
  const [node] = error.nodes ?? [];
  if (node?.kind !== Kind.VARIABLE_DEFINITION || !error.message.startsWith('Variable "$')) return undefined;
  const name = node.variable.name.value;
  if (/ was not provided\.$| must not be null\.$/.test(error.message) && !error.message.includes(' got invalid value ')) return { field: name, zh: '缺少必填变量', en: 'a required variable is missing' };
  const reason = reasonOf(error);
  const place = reason === undefined ? '' : error.message.slice(0, -reason.length - 2);
  const path = / at "([_A-Za-z]\w*(?:\.[_A-Za-z]\w*|\[\d+\])+)"$/.exec(place)?.[1];
  const field = path !== undefined && /^\w+/.exec(path)?.[0] === name ? path : name;
  const missing = /^Field "([_A-Za-z]\w*)" of required type "[^"]*" was not provided\.$/.exec(reason ?? '')?.[1];
  if (missing !== undefined) return { field: `${field}.${missing}`, zh: '缺少必填项', en: 'a required field is missing' };
  if (/^Expected non-nullable type "[^"]*" not to be null\.$/.test(reason ?? '')) return { field, zh: '此项不能为空', en: 'this must not be null' };
  if (/^Field ".*" is not defined by type /.test(reason ?? '')) return { field, zh: '含有未定义的字段', en: 'this holds a field that the schema does not define' };
  return { field, zh: '取值的类型或格式不对', en: 'the value is not of the expected type or form' };
}

/** The reason that graphql-js joined to the quoted value with `; `: the message of the error it wraps. */
function reasonOf(error: GraphQLError): string | undefined {
  const reason = error.originalError?.message;
  return reason !== undefined && error.message.endsWith(`; ${reason}`) ? reason : undefined;
}
