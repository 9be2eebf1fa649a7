import { prefixed, shaped } from '../format.ts';
import { looksRandom } from '../random.ts';

/** Model providers. */
export const modelFormats = [
  prefixed('anthropic-key', 'Anthropic key', ['sk-ant-'], '[A-Za-z0-9_-]{20,200}', { open: true }),
  prefixed('openrouter-key', 'OpenRouter key', ['sk-or-'], '(?:v1-)?[a-f0-9]{64}'),
  prefixed(
    'langfuse-key',
    'Langfuse key',
    ['sk-lf-'],
    '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  ),
  // Old and new OpenAI keys, and the many providers that took the prefix over.
  prefixed(
    'openai-key',
    'OpenAI key',
    ['sk-'],
    '(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{32,250}',
    {
      open: true,
      accept: (secret) => looksRandom(secret.replace(/^sk-(?:proj-|svcacct-|admin-|None-)?/, '')),
    },
  ),
  prefixed('huggingface-token', 'Hugging Face token', ['hf_', 'api_org_'], '[A-Za-z]{34}'),
  prefixed('replicate-token', 'Replicate token', ['r8_'], '[A-Za-z0-9]{37}'),
  prefixed('groq-key', 'Groq key', ['gsk_'], '[A-Za-z0-9]{52}'),
  prefixed('perplexity-key', 'Perplexity key', ['pplx-'], '[A-Za-z0-9]{48}'),
  prefixed('xai-key', 'xAI key', ['xai-'], '[A-Za-z0-9]{80}'),
  prefixed('cerebras-key', 'Cerebras key', ['csk-'], '[a-z0-9]{48}'),
  prefixed('nvidia-key', 'NVIDIA key', ['nvapi-'], '[A-Za-z0-9_-]{60,70}', { open: true }),
  prefixed('together-key', 'Together key', ['tgp_v1_'], '[A-Za-z0-9_-]{43}'),
  prefixed('fireworks-key', 'Fireworks key', ['fw_'], '[A-Za-z0-9]{22,24}', {
    accept: (secret) => looksRandom(secret.slice(3)),
  }),
  prefixed('jina-key', 'Jina key', ['jina_'], '[A-Za-z0-9_-]{50,64}', { open: true }),
  prefixed('pinecone-key', 'Pinecone key', ['pcsk_'], '[A-Za-z0-9_]{50,80}', { open: true }),
  prefixed('langsmith-key', 'LangSmith key', ['lsv2_pt_', 'lsv2_sk_'], '[a-f0-9]{32}_[a-f0-9]{10}'),
  prefixed('tavily-key', 'Tavily key', ['tvly-'], '(?:dev-|prod-)?[A-Za-z0-9]{32}'),
  shaped(
    'elevenlabs-key',
    'ElevenLabs key',
    ['sk_'],
    /(?<![A-Za-z0-9_])sk_[a-f0-9]{48}(?![A-Za-z0-9])/g,
    { keywordsIn: 'word' },
  ),
];
