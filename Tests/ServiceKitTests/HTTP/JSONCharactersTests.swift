import NIOCore
import Testing

@testable import ServiceKit

@Suite struct JSONCharactersTests {
    private func fault(_ json: String) -> JSONCharacters.Fault? { JSONCharacters.fault(in: ByteBuffer(string: json)) }

    @Test(arguments: [
        #"{"name":"Ada"}"#, #"{"name":"Zoë \u00eb \ud83c\udfb5 🎵"}"#, #"{"path":"C:\\u0000\\u0301"}"#,
        #"{"name":"\ud800\ud800 \udc00"}"#, #"{"name":"\u12"}"#, #"{"name":"\"#, "",
        // A letter with five marks, as Vietnamese and Hebrew have at most, again and again.
        #"{"name":""# + String(repeating: "a\u{301}\u{316}\u{5B0}\u{5BC}\u{591}", count: 100) + #""}"#,
    ])
    func `texts of people pass`(json: String) {
        #expect(fault(json) == nil)
    }

    @Test(arguments: [#"{"name":"a\u0000b"}"#, #"{"\u0000":1}"#, #"{"name":"\\\u0000"}"#, "{\"name\":\"ë\0\"}"])
    func `U+0000 is found, in keys and values`(json: String) {
        #expect(fault(json) == .null)
    }

    @Test(arguments: [
        (#"{"name":"a\u0000b"}"#, "name"), (#"{"a":"x","items":[{"name":"x"},{"name":"\u0000"}]}"#, "items[1].name"),
        (#"["x","\u0000"]"#, "[1]"), (#"{"\u0000":1}"#, nil), (#"{"name":"\u0000""#, nil),
    ])
    func `the field of U+0000 is named`(json: String, field: String?) {
        #expect(JSONCharacters.fieldOfNull(in: ByteBuffer(string: json)) == field)
    }

    /// U+0F73 counts as no mark by its combining class, but comes apart into two; U+1D165 is written as two escapes.
    @Test(arguments: ["\u{301}", "\u{316}\u{301}", "\u{F73}", #"\u0301"#, #"\ud834\udd65"#, #"\uD834\uDD65"#])
    func `more than thirty marks in a row are found, however they are written`(mark: String) {
        let marks = mark == "\u{316}\u{301}" ? 2 : 1
        #expect(fault(#"{"x"# + String(repeating: mark, count: 30 / marks) + #"":1}"#) == nil)
        #expect(fault(#"{"x"# + String(repeating: mark, count: 31) + #"":1}"#) == .runOfMarks)
    }
}
