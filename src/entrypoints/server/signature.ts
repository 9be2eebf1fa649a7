import { Probot } from 'probot';

export interface SignatureOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly secret: string;
}

/** Whether a signature header is the one of this body. */
export type VerifySignature = (body: string, signature: string) => Promise<boolean>;

/**
 * Probot's check, without Probot's server: that one answers when its handlers end, and reads the body as whatever event the
 * unsigned header names (docs/adr/0007). HMAC-SHA-256, in constant time.
 */
export async function createSignatureCheck(options: SignatureOptions): Promise<VerifySignature> {
  const probot = new Probot({ ...options, logLevel: 'fatal' });
  await probot.ready();
  const { webhooks } = probot;
  return (body, signature) => webhooks.verify(body, signature);
}
