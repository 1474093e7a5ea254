import Testing

@testable import gateway

@Suite("JSON of documents")
struct JSONNodeTests {
    private func parse(_ text: String) throws -> JSONNode { try JSONNode(parsing: Array(text.utf8)) }

    @Test(
        "what was read is written again, in its order and digit by digit",
        arguments: [
            #"{"b":1,"a":[true,false,null,{}],"c":{"d":[]}}"#, #"[0,-1,1.50,1e9,1000000000000]"#,
            #""a \"b\" \\ / \n\r\t\u0001 ü 🎫""#, "\"\"", "0", "{}",
        ])
    func roundTrip(_ text: String) throws {
        #expect(try parse(text).compactText == text)
        #expect(try parse(parse(text).prettyText) == parse(text))
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "nul", "\"\n\"", "\"\\x\"", "[1] 2",
            "{a:1}", "-", "1e", "--1", "\"\\ud800\"",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(text) }
    }

    @Test("depth has a limit")
    func depth() throws {
        _ = try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
        #expect(throws: JSONSyntaxError.self) {
            try parse(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
        }
    }

    @Test("an escape stands for its character")
    func escapes() throws {
        #expect(try parse(#""\u00fc\/\b\f""#) == .string("ü/\u{8}\u{C}"))
    }

    @Test("members are found, set at their place or added at the end")
    func members() throws {
        var node = try parse(#"{"a":1,"b":"x","c":["y",true]}"#)
        #expect(node["a"]?.integer == 1 && node["b"]?.string == "x" && node["c"]?.strings == ["y"])
        #expect(node["d"] == nil && node["a"]?["e"] == nil)
        node.set("a", .null)
        node.set("d", .bool(true))
        #expect(node.compactText == #"{"a":null,"b":"x","c":["y",true],"d":true}"#)
    }
}
