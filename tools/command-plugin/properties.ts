import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import type { Properties } from "./resource";

const signatureOf = (value: object): unknown => (value as Properties)[runtime.specialSigKey];

export const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSecret = (value: unknown): value is { value: unknown } =>
  isObject(value) && signatureOf(value) === runtime.specialSecretSig;

export const isAsset = (value: unknown): value is Properties =>
  isObject(value) && signatureOf(value) === runtime.specialAssetSig;

export const isArchive = (value: unknown): value is Properties =>
  isObject(value) && signatureOf(value) === runtime.specialArchiveSig;

/** Not known before the run: the output of a resource that is still to be created. */
export const isUnknown = (value: unknown): boolean => value === runtime.unknownValue;

/** Marks a value as secret, once. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [runtime.specialSigKey]: runtime.specialSecretSig, value };
}

/** The value without its own secret wrapper; wrappers further inside stay. */
export const unwrap = (value: unknown): unknown => (isSecret(value) ? unwrap(value.value) : value);

/** A copy without any secret wrapper. */
export function plain(value: unknown): unknown {
  const inner = unwrap(value);
  if (Array.isArray(inner)) return inner.map(plain);
  if (!isObject(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).map(([name, field]) => [name, plain(field)]));
}

/**
 * Whether an input changed. Becoming a secret is a change, since the state must be encrypted; the reverse is none: an
 * output may be a secret by `additionalSecretOutputs` alone. Assets are compared by their hash.
 */
export function differs(old: unknown, value: unknown): boolean {
  return (!hasSecret(old) && hasSecret(value)) || !isDeepStrictEqual(comparable(old), comparable(value));
}

/** Whether a value, or a part of it, is a secret. */
export function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

function comparable(value: unknown): unknown {
  const inner = plain(value);
  return isAsset(inner) || isArchive(inner) ? { signature: signatureOf(inner), hash: inner.hash } : inner;
}
