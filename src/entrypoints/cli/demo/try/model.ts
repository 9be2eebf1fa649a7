import { liveModel } from '../../../../composition.ts';
import { hostOf, type ChosenModel, type Environment } from '../models.ts';

const HOUR_S = 3_600;

/** A model on this machine, or one that may expressly be told of the repository; else none, and what wants it waits. */
export function modelOfTry(environment: Environment, remoteAllowed: boolean): ChosenModel {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url, ASSENT_MODEL: name } = environment;
  const named = key !== undefined || url !== undefined;
  const here = url !== undefined && isLoopback(url);
  if (named && (here || remoteAllowed)) {
    return {
      model: liveModel({
        apiKey: key ?? null,
        baseUrl: url ?? null,
        model: name ?? 'gpt-5-mini',
        embedding: environment['ASSENT_EMBEDDING_MODEL'] ?? null,
      }),
      said: {
        kind: 'live',
        text: here
          ? `The model is live, on this machine: ${hostOf(environment)} answers.`
          : `The model is live and elsewhere: ${hostOf(environment)} is sent what agents read of this repository, as --allow-remote-model says.`,
      },
    };
  }
  const reason = named
    ? `nothing leaves this machine, and the model at ${hostOf(environment)} is elsewhere: name one at a loopback address in OPENAI_BASE_URL, or add --allow-remote-model`
    : 'no model is named: set OPENAI_BASE_URL to one on this machine (http://127.0.0.1:…), and ASSENT_MODEL';
  return {
    model: {
      absent: reason,
      complete: async () => ({ kind: 'unavailable', reason, retry_after_seconds: HOUR_S }),
    },
    said: { kind: 'none', text: `Agents wait: ${reason}.` },
  };
}

/** By its name, not by what a resolver makes of another: `localhost.example.org` is elsewhere. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
