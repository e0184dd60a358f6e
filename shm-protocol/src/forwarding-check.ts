// SPDX-License-Identifier: BSD-3-Clause
// What is wrong with a forwarding configuration by forwarding.schema.json, said as the dataplane says it: the same fields, by the same
// paths. What only the dataplane can know (ports that exist, bits behind a prefix, a prefix twice) it says when asked.
import type { Issue } from './errors.ts';
import { type SchemaError, schemaIs, schemaKeys, validate } from './generated/forwarding-validate.ts';

/** Where a JSON pointer leads: our path of it (`ports.0.to`, `routes[17].to`; empty for the whole), and what is there. */
function resolve(root: unknown, pointer: string): { path: string; value: unknown } {
  let path = '';
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path = Array.isArray(value) ? `${path}[${key}]` : member(path, key);
    value = (value as Record<string, unknown>)[key];
  }
  return { path, value };
}

const member = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** ", not 7": what there is instead, as far as it is short. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return ', not an array';
  if (typeof value === 'string')
    return `, not ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)}`;
  if (typeof value === 'bigint') return `, not ${value}n (a BigInt)`;
  if (typeof value === 'object' && value !== null) return ', not a map';
  return `, not ${String(value)}`;
}

interface Place {
  /** The schema that refused, by its place in forwarding.schema.json. */
  readonly schema: string;
  /** The alternative it belongs to, when it is one of several. */
  readonly branch: string | undefined;
}
/** There are about a hundred, however many errors. */
const places = new Map<string, Place>();

function placeOf({ schemaPath }: SchemaError): Place {
  let place = places.get(schemaPath);
  if (place === undefined) {
    const schema = decodeURIComponent(schemaPath.slice(0, schemaPath.lastIndexOf('/'))).replaceAll('~1', '/');
    place = { schema, branch: /^.*\/oneOf\/\d+\//.exec(schemaPath)?.[0] };
    places.set(schemaPath, place);
  }
  return place;
}

/**
 * Of a value that may be one of several types, ajv tells what each of them finds wrong. Only the one that has the value's
 * type was meant; when none has, it is one error.
 */
function meant(errors: readonly SchemaError[]): readonly SchemaError[] {
  if (!errors.some((error) => error.keyword === 'oneOf')) return errors;
  const at = (error: SchemaError) => `${error.instancePath} ${placeOf(error).branch}`;
  const ofOtherTypes = new Set(errors.filter((e) => e.schemaPath === `${placeOf(e).branch}type`).map(at));
  const own = errors.filter((error) => placeOf(error).branch === undefined || !ofOtherTypes.has(at(error)));
  const inBranches = own.filter((error) => placeOf(error).branch !== undefined);
  const within = (inner: SchemaError, outer: SchemaError) =>
    inner.schemaPath.startsWith(`${outer.schemaPath}/`) &&
    `${inner.instancePath}/`.startsWith(`${outer.instancePath}/`);
  return own.filter((error) => error.keyword !== 'oneOf' || !inBranches.some((inner) => within(inner, error)));
}

function issueOf(root: unknown, error: SchemaError): Issue | undefined {
  const { path, value } = resolve(root, error.instancePath);
  const place = placeOf(error).schema;
  const known = schemaKeys[place];
  const mustBe = (at: string, is: string | undefined, what: unknown) => ({
    path: at,
    message: `must be ${is}${shown(what)}`,
  });
  const missing = (key: string, is: string | undefined) => ({
    path: member(path, key),
    message: `is missing; it must be ${is}`,
  });
  // What is undefined is not sent, so it is not there.
  if (value === undefined && path !== '') return undefined;
  switch (error.keyword) {
    case 'required': {
      const key = String(error.params['missingProperty']);
      return missing(key, schemaIs[`${place}/properties/${key}`]);
    }
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      if ((value as Record<string, unknown>)[key] === undefined) return undefined;
      return { path: member(path, key), message: `unknown key; known here: ${known}` };
    }
    case 'discriminator': {
      const tag = String(error.params['tag']);
      const given = (value as Record<string, unknown>)[tag];
      const is = schemaIs[`${place}/discriminator`];
      return given === undefined ? missing(tag, is) : mustBe(member(path, tag), is, given);
    }
    case 'minProperties':
    case 'maxProperties':
      return { path, message: `must have exactly one of ${known}` };
    case 'maxItems': {
      const { length } = value as unknown[];
      return { path, message: `has ${length} items; at most ${String(error.params['limit'])} are allowed` };
    }
    default:
      return mustBe(path, schemaIs[place], value);
  }
}

/** Every field that is wrong, each once; none: a dataplane with the right ports takes it. */
export function checkForwarding(forwarding: unknown): Issue[] {
  if (validate(forwarding)) return [];
  const issues = new Map<string, Issue>();
  for (const error of meant(validate.errors ?? [])) {
    const issue = issueOf(forwarding, error);
    if (issue !== undefined && !issues.has(issue.path)) issues.set(issue.path, issue);
  }
  return [...issues.values()];
}
