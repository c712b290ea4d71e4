// The encrypted JWTs of the app's cookies, as docs/architecture.md ("The session") describes them, by jose and node:crypto:
// nothing here comes from the app's own code.

import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';

export type Typ = 'session+jwt' | 'sign-in+jwt';
export type Claims = Record<string, any>;

/** The key of a purpose, and what names the secret it comes from. */
export function sealKey(secret: string, typ: Typ): { key: Uint8Array; kid: string } {
  const derive = (info: string, bytes: number) => new Uint8Array(hkdfSync('sha256', secret, '', `leptos-cognito/v1/${info}`, bytes));
  return { key: derive(typ, 32), kid: Buffer.from(derive('kid', 6)).toString('base64url') };
}

/** Opens what is sealed for a purpose; jose checks `typ`, the encryption and, of a session, `exp`. */
export async function openSealed(sealed: string, typ: Typ, secret: string): Promise<{ header: Claims; claims: Claims }> {
  const rules = { typ, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const { protectedHeader, payload } = await jwtDecrypt(sealed, sealKey(secret, typ).key, rules);
  return { header: protectedHeader, claims: payload };
}

/** Seals claims for a purpose; `wrong` says what is to be done otherwise than documented. */
export async function seal(
  claims: Claims,
  typ: Typ,
  secret: string,
  wrong: { key?: Typ; header?: Record<string, string | undefined> } = {},
): Promise<string> {
  const { key, kid } = sealKey(secret, wrong.key ?? typ);
  const zip = typ === 'session+jwt' ? 'DEF' : undefined;
  // An undefined member is not written.
  const header = { alg: 'dir', enc: 'A256GCM', kid, typ, zip, ...wrong.header };
  return new EncryptJWT(claims as JWTPayload).setProtectedHeader(header).encrypt(key);
}
