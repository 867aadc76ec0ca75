// MiniSearch and Lunr for search_peers.py: node search_peers.mjs FOLDER LIBRARY WAY, a collection as JSON on standard
// input, the answers with their latencies on standard output. FOLDER is where npm installed the packages.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [folder, library, way] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const { language, documents, asked } = JSON.parse(readFileSync(0, "utf8"));

const lunr = require("lunr");
const plugged = ["fr", "de", "es", "it", "nl", "pt"].includes(language);
if (plugged) {
    require("lunr-languages/lunr.stemmer.support")(lunr);
    require(`lunr-languages/lunr.${language}`)(lunr);
}
const stemmer = plugged ? lunr[language].stemmer : language === "en" ? lunr.stemmer : (token) => token;
const stem = (word) => stemmer(new lunr.Token(word, {})).toString();

// "typed": as its documentation shows, words with prefixes and slips; "stems": stems with slips.
function minisearch() {
    const MiniSearch = require("minisearch");
    const stems = way === "stems";
    const index = new MiniSearch({
        fields: ["title", "text"],
        processTerm: (term) => (stems ? stem(term.toLowerCase()) : term.toLowerCase()) || null,
        searchOptions: { boost: { title: 2 }, fuzzy: 0.2, prefix: !stems, combineWith: "OR" },
    });
    index.addAll(documents.map(([id, title, text]) => ({ id, title, text })));
    return [(typed) => index.search(typed).slice(0, 10).map((hit) => hit.id), JSON.stringify(index).length];
}

// "exact": stems; "fuzzy": also what is one letter off, for less.
function lunrIndex() {
    const index = lunr(function () {
        if (plugged) this.use(lunr[language]);
        this.ref("id");
        this.field("title", { boost: 2 });
        this.field("text");
        for (const [id, title, text] of documents) this.add({ id, title, text });
    });
    const search = (typed) => {
        const words = typed.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
        const hits = index.query((query) => {
            for (const word of words) {
                query.term(word, { boost: 10 });
                if (way === "fuzzy" && word.length > 3) query.term(word, { editDistance: 1 });
            }
        });
        return hits.slice(0, 10).map((hit) => hit.ref);
    };
    return [search, JSON.stringify(index).length];
}

const [search, bytes] = library === "lunr" ? lunrIndex() : minisearch();
const found = {}, ms = {};
for (const [kind, queries] of Object.entries(asked)) {
    found[kind] = {}, ms[kind] = [];
    for (const [id, typed] of Object.entries(queries)) {
        let least = Infinity;
        for (let pass = kind === "plain" ? 2 : 1; pass > 0; --pass) {
            const start = performance.now();
            found[kind][id] = search(typed);
            least = Math.min(least, performance.now() - start);
        }
        ms[kind].push(least);
    }
}
process.stdout.write(JSON.stringify({ bytes, found, ms }));
