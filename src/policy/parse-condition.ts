import { isMap, isScalar, type Node } from 'yaml';
import { parseDate } from '../kernel/dates.js';
import { findAttribute, findLink, type Attribute, type Catalogue, type RecordShape } from './catalogue.js';
import { VIEWER_VALUES, type Condition, type Value } from './language.js';
import { nearest, type YamlFile } from './yaml-reader.js';

/** What each value of the viewer can be compared with. */
const TYPE_OF_VIEWER: Record<(typeof VIEWER_VALUES)[number], Attribute['type']> = { agency: 'agency', division: 'division', kind: 'text', matter: 'text' };

const COMPARISONS = ['is', 'in', 'within', 'before', 'after', 'some'] as const;

/**
 * Reads `{ originAgency: { is: viewer.agency }, protected: { is: false } }`: the entries of one mapping hold together (all of them).
 * A mapping without entries would compile to nothing and is a fault.
 */
export function parseCondition(file: YamlFile, node: Node | null | undefined, shape: RecordShape, catalogue: Catalogue): Condition {
  const parts: Condition[] = [];
  for (const { key, keyNode, value } of file.pairs(node, 'a condition')) {
    if (key === 'all' || key === 'any' || key === 'none') {
      const inner = file.items(value, `\`${key}\``).map((item) => parseCondition(file, item, shape, catalogue));
      parts.push(key === 'all' ? { all: inner } : key === 'any' ? { any: inner } : { none: inner });
    } else {
      const part = parseComparison(file, key, keyNode, value, shape, catalogue);
      if (part) parts.push(part);
    }
  }
  const only = parts[0];
  if (!only) {
    file.fault(node, 'the condition compiles to nothing', 'name at least one attribute to compare');
    return { any: [] };
  }
  return parts.length === 1 ? only : { all: parts };
}

function parseComparison(file: YamlFile, name: string, nameNode: Node, node: Node, shape: RecordShape, catalogue: Catalogue): Condition | undefined {
  const link = findLink(shape, name);
  const attribute = findAttribute(shape, name);
  if (!link && !attribute) {
    file.fault(nameNode, `\`${name}\` is neither an attribute nor a link of ${shape.record}`, `use ${nearest(name, [...Object.keys(shape.attributes), ...Object.keys(shape.links)])}`);
    return undefined;
  }
  const pairs = file.pairs(node, `the comparison of \`${name}\``);
  const pair = pairs[0];
  if (!pair || pairs.length !== 1 || !(COMPARISONS as readonly string[]).includes(pair.key)) {
    file.fault(node, `the comparison of \`${name}\` is not exactly one of ${COMPARISONS.join(', ')}`, `write \`${name}: { is: … }\``);
    return undefined;
  }
  if (link || pair.key === 'some') {
    const target = link && catalogue.records.get(link.record);
    if (!target || pair.key !== 'some') {
      file.fault(pair.keyNode, link ? `\`${name}\` leads to other records` : `\`${name}\` leads nowhere`, link ? `write \`${name}: { some: { … } }\`` : 'compare it with `is`');
      return undefined;
    }
    return { some: { link: name, that: parseCondition(file, pair.value, target, catalogue) } };
  }
  return attribute && comparisonOf(file, name, attribute, pair);
}

function comparisonOf(file: YamlFile, name: string, attribute: Attribute, pair: { key: string; keyNode: Node; value: Node }): Condition | undefined {
  const wrongType = (fits: string): undefined => {
    file.fault(pair.keyNode, `\`${pair.key}\` does not fit \`${name}\`, which is of type ${attribute.type}`, `use ${fits}`);
    return undefined;
  };
  switch (pair.key) {
    case 'is': {
      const value = parseValue(file, pair.value, name, attribute);
      return value && { is: { attribute: name, value } };
    }
    case 'in': {
      const values = file.items(pair.value, `the list for \`${name}\``).map((item) => parseValue(file, item, name, attribute));
      return values.every((value) => value !== undefined) ? { in: { attribute: name, values } } : undefined;
    }
    case 'within':
      if (attribute.type !== 'division') return wrongType('`is`');
      file.word(pair.value, 'what `within` compares with', ['viewer.division']);
      return { within: { attribute: name } };
    default: {
      if (!['date', 'instant', 'number'].includes(attribute.type)) return wrongType('`is`');
      const value = parseValue(file, pair.value, name, attribute);
      if (!value) return undefined;
      return pair.key === 'before' ? { before: { attribute: name, value } } : { after: { attribute: name, value } };
    }
  }
}

/** `viewer.agency`, `today`, `today - 12 months`, or a literal of the attribute's own type. */
function parseValue(file: YamlFile, node: Node | null | undefined, name: string, attribute: Attribute): Value | undefined {
  const raw = isScalar(node) ? node.value : undefined;
  if (isMap(node) || raw === null || raw === undefined) {
    file.fault(node, `\`${name}\` is compared with nothing`, 'write a value');
    return undefined;
  }
  if (typeof raw === 'string' && raw.startsWith('viewer.')) {
    const fits = VIEWER_VALUES.filter((value) => TYPE_OF_VIEWER[value] === attribute.type);
    const viewer = fits.find((value) => raw === `viewer.${value}`);
    if (viewer) return { viewer };
    file.fault(node, `\`${name}\` (${attribute.type}) cannot be compared with \`${raw}\``, fits.length > 0 ? `use ${fits.map((value) => `\`viewer.${value}\``).join(' or ')}` : 'use a literal');
    return undefined;
  }
  const day = /^today(?: ([+-]) (\d{1,4}) (days|months|years))?$/u.exec(String(raw));
  if (day && (attribute.type === 'date' || attribute.type === 'instant')) {
    const count = Number(day[2] ?? 0);
    const amount = day[1] === '-' ? -count : count;
    return { today: { days: day[3] === 'days' ? amount : 0, months: day[3] === 'months' ? amount : day[3] === 'years' ? amount * 12 : 0 } };
  }
  const fits = { boolean: typeof raw === 'boolean', number: typeof raw === 'number', text: typeof raw === 'string', date: typeof raw === 'string' && typeof parseDate(raw) === 'string', instant: false, agency: false, division: /^\d{6}(\d{3})?$/u.test(String(raw)) }[attribute.type];
  if (!fits) {
    file.fault(node, `\`${String(raw)}\` does not fit \`${name}\`, which is of type ${attribute.type}`, attribute.type === 'agency' ? 'use `viewer.agency`' : 'write a value of that type');
    return undefined;
  }
  if (attribute.words && !attribute.words.includes(String(raw))) {
    file.fault(node, `\`${name}\` never has the value \`${String(raw)}\``, `use ${nearest(String(raw), attribute.words)}`);
    return undefined;
  }
  return { literal: attribute.type === 'division' ? String(raw) : (raw as string | number | boolean) };
}
