/** Bodies as OpenAI's wire has them, after its API reference. */
import { ANSWER } from './converse';

export const CHAT_USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

export function toolCall(input: unknown, name = 'answer'): object {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  return { id: 'call-1', type: 'function', function: { name, arguments: text } };
}

export function chatAnswer(
  message: object = { role: 'assistant', content: null, tool_calls: [toolCall(ANSWER)] },
  { finish = 'stop', usage = CHAT_USAGE }: { readonly finish?: unknown; readonly usage?: unknown } = {},
): object {
  return {
    id: 'chat-1',
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: finish, message }],
    usage,
  };
}
