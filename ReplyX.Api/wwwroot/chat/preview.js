// A conversation that nobody has, for the settings' preview: no dialog is begun and nothing is sent.
export function previewConversation(texts, config) {
  const begun = Date.now() - 4 * 60_000;
  const event = (seq, sender, text) => ({ type: 'message', seq, id: seq, sender, text, timestamp: new Date(begun + seq * 60_000).toISOString() });
  const nothing = () => {};
  return {
    get events() {
      const { t } = texts();
      return [
        ...(config.welcome ? [event(1, 'assistant', config.welcome)] : []),
        event(2, 'user', t('preview.question')),
        event(3, config.assistant === false ? 'manager' : 'assistant', t('preview.answer')),
        event(4, 'user', t('preview.thanks')),
      ];
    },
    pending: [],
    typing: [],
    draft: null,
    connection: { state: 'connected' },
    trouble: false,
    handoff: 'none',
    operator: undefined,
    readByOthers: 4,
    readByVisitor: 4,
    unread: 0,
    unreadFrom: 0,
    lastSeq: 4,
    isLoaded: true,
    hasOlder: false,
    hasDialog: true,
    olderFailed: false,
    news: null,
    subscribe: nothing,
    send: nothing,
    retry: nothing,
    discard: nothing,
    keystroke: nothing,
    goOn: nothing,
    look: nothing,
    markRead: nothing,
    loadOlder: nothing,
    retryOlder: nothing,
    requestHuman: async () => {},
    cancelHuman: async () => {},
    identify: async () => {},
    visit: nothing,
  };
}
