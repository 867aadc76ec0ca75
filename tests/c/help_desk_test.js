// A help desk run from Node: calls that overlap, errors that stay with their call, callbacks from other threads.
const assert = require('node:assert');
const test = require('node:test');
const { promisify } = require('node:util');
const koffi = require('koffi');

const lib = koffi.load('libguichet.so');
koffi.opaque('guichet_desk');
koffi.opaque('guichet_answer');
koffi.proto('void guichet_committed(void *context, uint64_t seq)');
const code = lib.func('int guichet_code(const guichet_answer *answer)');
const text = lib.func('const char *guichet_text(const guichet_answer *answer)');
const free = lib.func('void guichet_free(guichet_answer *answer)');
const open = lib.func('guichet_answer *guichet_open(const char *path, const char *options, _Out_ guichet_desk **desk)');
const close = lib.func('void guichet_close(guichet_desk *desk)');
const execute = lib.func('guichet_answer *guichet_execute(guichet_desk *desk, const char *command)');
const query = lib.func('guichet_answer *guichet_query(guichet_desk *desk, const char *query)');
const subscribe =
    lib.func('guichet_answer *guichet_subscribe(guichet_desk *desk, guichet_committed *listener, void *context)');

function told(answer) {
    const value = JSON.parse(text(answer));
    const refused = code(answer) !== 0;
    free(answer);
    if (refused)
        throw Object.assign(new Error(value.error.detail), value.error);
    return value;
}
const later = (f) => (...given) => promisify(f.async)(...given).then(told);

function mondayDesk() {
    const desk = [null];
    told(open(':memory:', JSON.stringify({ clock: { start: '2026-03-02T09:00:00Z' } }), desk));
    return desk[0];
}
const opening = (subject) => JSON.stringify({ command: 'open_ticket', by: 'ana', subject });
const agent = { viewer: 'luc', role: 'agent' };

test('given forty calls at once, when they come back, then each has its own ticket', async () => {
    const desk = mondayDesk();
    const came = await Promise.all(
        Array.from({ length: 40 }, (_, i) => later(execute)(desk, opening(`Imprimante n° ${i}`))));
    assert.strictEqual(new Set(came.map((one) => one.number)).size, 40);
    const page = await later(query)(desk, JSON.stringify({ query: 'query', ...agent, where: 'open', limit: 100 }));
    assert.strictEqual(page.tickets.length, 40);
    assert.ok(page.tickets.some((one) => one.subject === 'Imprimante n° 7'));
    close(desk);
});

test('given calls that are refused among others, when they come back, then each tells its own reason', async () => {
    const desk = mondayDesk();
    const asked = Array.from({ length: 30 }, (_, i) => `INC-0000-${String(i).padStart(6, '0')}`);
    await Promise.all(asked.map((ticket) => assert.rejects(
        later(query)(desk, JSON.stringify({ query: 'find', ...agent, ticket })),
        (raised) => raised.code === 'not_found' && raised.context.ticket === ticket)));
    close(desk);
});

test('given a listener, when commands run on other threads, then it hears of each commit', async () => {
    const desk = mondayDesk();
    const heard = [];
    const listener = koffi.register((_, seq) => heard.push(Number(seq)), koffi.pointer('guichet_committed'));
    told(subscribe(desk, listener, null));
    told(execute(desk, opening('One')));
    await Promise.all([later(execute)(desk, opening('Two')), later(execute)(desk, opening('Three'))]);
    assert.deepStrictEqual(heard.sort(), [1, 2, 3]);
    close(desk);
    koffi.unregister(listener);
});
