import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES } from '../kernel/viewer.js';
import { cellsOf, type Catalogue, type RecordShape } from './catalogue.js';
import { RUNGS } from './language.js';

type Schema = Record<string, unknown>;

/**
 * JSON schema of the policy files, for editors: completion and a first check while writing. `parsePolicy` is the judge; it also knows what a schema
 * cannot say (every cell covered, relations named, ladders). Committed as `schema/policy.schema.json`.
 */
export function policySchema(catalogue: Catalogue): Schema {
  const shapes = [...catalogue.records.values()];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Guitu policy file',
    anyOf: [...shapes.map((shape) => ({ $ref: `#/definitions/${shape.record}` })), ...['ladders', 'purposes', 'operations', 'deadlines', 'statistics', 'glossary'].map((list) => ({ $ref: `#/definitions/${list}` }))],
    definitions: {
      kind: words(AGENCY_KINDS), level: words(LEVELS), roles: words(ROLES), for: words(PURPOSES), names: listOf({ type: 'string' }), text: { type: 'string', minLength: 1 },
      ...Object.fromEntries(shapes.flatMap((shape) => [
        [shape.record, recordSchema(shape)], [`${shape.record}.when`, conditionSchema(shape)], [`${shape.record}.cells`, words(cellsOf(shape))],
      ])),
      ladders: listOf(object({ cells: listOf({ enum: shapes.flatMap((shape) => cellsOf(shape).map((cell) => `${shape.record}.${cell}`)) }), rungs: words(RUNGS), basis: TEXT }, ['cells', 'rungs', 'basis'])),
      purposes: listOf(object({ purpose: { enum: PURPOSES }, title: TEXT, basis: TEXT, matter: { enum: ['required', 'optional'] }, matterExcept: NAMES, allow: listOf(object({ ...AUDIENCE, ...LIMITS }, [])) }, ['purpose', 'title', 'basis', 'matter', 'allow'])),
      operations: listOf(object({ operations: NAMES, title: TEXT, basis: TEXT, purposeFree: { type: 'boolean' }, allow: listOf(object({ ...AUDIENCE, ...LIMITS }, [])), limit: object({ items: COUNT, perMinutes: COUNT }, ['items', 'perMinutes']) }, ['operations', 'title', 'basis', 'allow'])),
      glossary: listOf({ anyOf: shapes.map((shape) => glossarySchema(shape)) }),
      statistics: listOf(object({ measure: TEXT, title: TEXT, counts: listOf({ enum: shapes.flatMap((shape) => cellsOf(shape).map((cell) => `${shape.record}.${cell}`)) }), smallest: { type: 'integer', minimum: 5 }, allow: listOf(object({ ...AUDIENCE, ...LIMITS }, [])), basis: TEXT }, ['measure', 'title', 'counts', 'smallest', 'allow', 'basis'])),
      deadlines: listOf(object({ deadline: TEXT, title: TEXT, from: TEXT, amount: COUNT, unit: TEXT, class: { enum: ['LAW', 'POLICY', 'DESIGN'] }, reason: TEXT }, ['deadline', 'title', 'from', 'amount', 'unit', 'class', 'reason'])),
    },
  };
}

const TEXT: Schema = { $ref: '#/definitions/text' };
const NAMES: Schema = { $ref: '#/definitions/names' };
const COUNT: Schema = { type: 'integer', minimum: 1 };
const LIMITS: Schema = { from: { type: 'string' }, until: { type: 'string' } };
const AUDIENCE = Object.fromEntries(['kind', 'level', 'roles', 'for'].map((key) => [key, { $ref: `#/definitions/${key}` }]));

const listOf = (items: Schema): Schema => ({ type: 'array', minItems: 1, items });
const words = (list: readonly string[]): Schema => ({ ...listOf({ enum: list }), uniqueItems: true });
const object = (properties: Schema, required: readonly string[]): Schema => ({ type: 'object', additionalProperties: false, properties, ...(required.length > 0 && { required }) });

function glossarySchema(shape: RecordShape): Schema {
  const words = (names: readonly string[]): Schema => object(Object.fromEntries(names.map((name) => [name, TEXT])), names);
  const links = Object.keys(shape.links);
  const closed = Object.entries(shape.attributes).filter(([, { words: allowed }]) => allowed !== undefined);
  return object({ record: { const: shape.record }, fields: words(cellsOf(shape)), facts: words(Object.keys(shape.attributes)), ...(links.length > 0 && { links: words(links) }), ...(closed.length > 0 && { values: object(Object.fromEntries(closed.map(([name, { words: allowed = [] }]) => [name, words(allowed)])), closed.map(([name]) => name)) }) }, ['record', 'fields', 'facts', ...(links.length > 0 ? ['links'] : []), ...(closed.length > 0 ? ['values'] : [])]);
}

function recordSchema(shape: RecordShape): Schema {
  const when = { $ref: `#/definitions/${shape.record}.when` };
  const cells = { $ref: `#/definitions/${shape.record}.cells` };
  const grant = { grant: TEXT, ...AUDIENCE, ...LIMITS, as: NAMES, when, basis: TEXT };
  const restraint = { ...AUDIENCE, when, except: NAMES, exceptRoles: { $ref: '#/definitions/roles' }, basis: TEXT };
  const viewer = object({ kind: { enum: AGENCY_KINDS }, level: { enum: LEVELS }, roles: { $ref: '#/definitions/roles' }, for: { enum: PURPOSES }, as: NAMES, at: TEXT }, ['kind', 'level', 'for']);
  const given = object(Object.fromEntries(Object.keys(shape.attributes).map((name) => [name, {}])), []);
  return object({
    record: { const: shape.record }, title: TEXT, provider: { enum: AGENCY_KINDS }, sharing: { enum: ['unconditional', 'conditional', 'not-shared'] }, sharingBasis: TEXT, basis: TEXT,
    relations: { type: 'object', additionalProperties: object({ title: TEXT, when }, ['title', 'when']) },
    rows: listOf({ anyOf: [object(grant, ['grant', 'for']), object({ veto: TEXT, ...restraint }, ['veto', 'when'])] }),
    fields: listOf({ anyOf: [
      object({ fields: cells, releases: cells, basis: TEXT, grants: listOf(object({ ...grant, rung: { enum: RUNGS } }, ['grant', 'rung', 'for'])) }, ['fields', 'grants']),
      object({ fields: cells, basis: TEXT, nobody: TEXT }, ['fields', 'nobody']),
    ] }),
    caps: listOf(object({ cap: TEXT, fields: cells, rung: { enum: RUNGS }, ...restraint }, ['cap', 'fields', 'rung'])),
    writes: listOf(object({ write: TEXT, ...AUDIENCE, ...LIMITS, as: NAMES, when, after: NAMES, sets: cells, basis: TEXT }, ['write', 'for', 'sets'])),
    tests: listOf(object({ viewer, given, row: { enum: ['VISIBLE', 'HIDDEN'] }, sees: object(Object.fromEntries(cellsOf(shape).map((cell) => [cell, { enum: RUNGS }])), []) }, ['viewer'])),
  }, ['record', 'title', 'provider', 'sharing', 'basis', 'rows', 'fields']);
}

function conditionSchema(shape: RecordShape): Schema {
  const when = { $ref: `#/definitions/${shape.record}.when` };
  const attributes = Object.entries(shape.attributes).map(([name, { type, words: allowed }]) => {
    const scalar = allowed ? { enum: allowed } : type === 'boolean' ? { type: 'boolean' } : {};
    const ordered = ['date', 'instant', 'number'].includes(type) ? { before: {}, after: {} } : {};
    const within = type === 'division' ? { within: { const: 'viewer.division' } } : {};
    return [name, { ...object({ is: scalar, in: listOf(scalar), ...ordered, ...within }, []), minProperties: 1, maxProperties: 1 }] as const;
  });
  const links = Object.entries(shape.links).map(([name, { record }]) => [name, object({ some: { $ref: `#/definitions/${record}.when` } }, ['some'])] as const);
  return { ...object({ all: listOf(when), any: listOf(when), none: listOf(when), ...Object.fromEntries([...attributes, ...links]) }, []), minProperties: 1 };
}
