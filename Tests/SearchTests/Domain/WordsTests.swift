import Testing

@testable import search

@Suite struct WordsTests {
    @Test(arguments: [
        ("Beyoncé & Jay-Z", ["beyonce", "jay", "z"]), ("MÖTÖRHEAD!", ["motorhead"]), ("Sigur Rós", ["sigur", "ros"]),
        ("AC/DC 2026", ["ac", "dc", "2026"]), ("", []), (" \n\t", []), ("🎸", []), ("Beyonce\u{301}", ["beyonce"]),
        ("Łódź", ["lodz"]), ("Straße Ærø", ["strasse", "aero"]), ("東京 ライブ", ["東京", "ライフ"]), ("don't", ["don", "t"]),
        ("\u{301}", []),
    ])
    func `text is cut into folded words`(text: String, words: [String]) {
        #expect(Words.words(in: text).map(\.folded) == words)
    }

    @Test func `a word knows where it stands`() {
        let text = "a Café, b"
        #expect(Words.words(in: text).map { String(text[$0.range]) } == ["a", "Café", "b"])
    }
}
