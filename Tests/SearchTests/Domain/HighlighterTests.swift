import Testing

@testable import search

@Suite struct HighlighterTests {
    private func highlighter(_ words: String...) -> Highlighter {
        Highlighter(
            matched: words.map { word in
                MatchedWord(folded: String(word.prefix { $0 != "*" }), isPrefix: word.hasSuffix("*"))
            })
    }

    @Test func `found words are marked in their own spelling`() {
        #expect(highlighter("beyonce").mark("Beyoncé live") == "<em>Beyoncé</em> live")
        #expect(highlighter("met*").mark("Metallica met Method") == "<em>Metallica</em> <em>met</em> <em>Method</em>")
        #expect(highlighter("met").mark("Metallica") == nil)
    }

    @Test func `the rest is HTML-escaped, inside and outside the marks`() {
        #expect(
            highlighter("b").mark(#"<script>"b" & 'c'</script>"#)
                == "&lt;script&gt;&quot;<em>b</em>&quot; &amp; &#39;c&#39;&lt;/script&gt;")
        #expect(highlighter("em").mark("<em>") == "&lt;<em>em</em>&gt;")
    }

    @Test func `a long description is cut around its first found word`() {
        let text = (0..<100).map { "w\($0)" }.joined(separator: " ")
        let middle = highlighter("w50").excerpt(text)
        #expect(middle?.hasPrefix("…w42 ") == true)
        #expect(middle?.contains("<em>w50</em>") == true)
        #expect(middle?.hasSuffix("w71…") == true)
        #expect(highlighter("w0").excerpt(text)?.hasPrefix("<em>w0</em> w1") == true)
        #expect(highlighter("w99").excerpt(text)?.hasSuffix("<em>w99</em>") == true)
        #expect(highlighter("nothing").excerpt(text) == nil)
        #expect(highlighter("short").excerpt("A short one.") == "A <em>short</em> one.")
    }

    @Test func `only fields with found words are there`() {
        let event = Catalogue.document(
            "a", title: "Jazz", artist: "Nina", city: "Jazz City", description: "Nothing of it")
        let texts = EventTexts(event)
        #expect(highlighter("jazz").highlights(of: texts) == ["title": "<em>Jazz</em>", "city": "<em>Jazz</em> City"])
        #expect(highlighter().highlights(of: texts).isEmpty)
    }
}
