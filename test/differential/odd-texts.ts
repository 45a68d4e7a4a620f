/** Names and words as people and attackers write them: everything that PostgreSQL can store and that JSON, SQL or the hub's own marks might trip over. */
export const ODD_TEXTS: readonly string[] = [
  '张三', '欧阳修', '欧', '李', '王小明', 'O\'Brien', '"quoted"', '\\', '\\"', '\'; DROP TABLE guitu.persons; --', '~', '«agency»', '«nonce»', '","~":"', '{"~":"x"}', '[1,2]', 'null', 'true', '$1', '$$', '%s', '${x}',
  '</script><b>', '👨‍👩‍👧‍👦', '𠮷野家', '\u202eabc', 'שלום', 'مرحبا', 'e\u0301', '\u00e9', '\u200b', '\ufeff', ' leading', 'trailing ', 'tab\tin', 'line\nfeed', 'cr\r\n', '\u0001\u001f', '\u007f', '\u2028\u2029',
  '=1+1', '@SUM(A1)', '-2', '1e309', '0', '007', '__proto__', 'constructor', 'x'.repeat(400), '，。、；：', '(((((', '<!--', '&amp;', '\u00a0', 'ǅ', 'ß', 'İ', 'i̇',
];

/** Texts by which rows are looked up or ordered: the collation must compare bytes, not letters. */
export const ORDERED_TEXTS: readonly string[] = ['a', 'A', 'b', 'B', 'ä', 'z', 'Z', '0', '10', '9', '_', '-', '~', '一', '𠮷', '\uffee', 'é', 'é1', 'e\u0301', ' ', 'a b', 'a-b'];
