import NIOCore
import Testing

@testable import HTTPKit

@Suite("Header fields")
struct HeaderFieldsTests {
    @Test("names compare without case, values keep their order")
    func lookups() {
        var fields: HeaderFields = ["Content-Type": "text/plain", "X-A": "1"]
        fields.add("x-a", "2")
        #expect(fields.first("content-TYPE") == "text/plain")
        #expect(fields.all("X-a") == ["1", "2"])
        #expect(fields.first("X") == nil)
        #expect(fields.contains("X-A"))
        #expect(fields.map(\.name) == ["Content-Type", "X-A", "x-a"])
    }

    @Test("set replaces every value, remove leaves none")
    func changes() {
        var fields: HeaderFields = ["A": "1", "B": "2", "a": "3"]
        fields.set("a", "4")
        #expect(fields.all("A") == ["4"])
        fields.remove("B")
        #expect(fields == ["A": "4"])
        #expect(fields.count == 1)
    }

    @Test("fields of a parsed head can be changed without changing the head")
    func parsedFieldsAreValues() throws {
        let head = try RequestHead(parsing: ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n"))
        var fields = head.fields
        fields.set("X", "2")
        fields.add("Y", "3")
        #expect(head.fields == ["Host": "a", "X": "1"])
        #expect(fields == ["Host": "a", "X": "2", "Y": "3"])
    }

    @Test("writing gives one line a field")
    func writing() {
        var buffer = ByteBuffer()
        let fields: HeaderFields = ["A": "1", "B": ""]
        fields.write(to: &buffer)
        #expect(String(buffer: buffer) == "A: 1\r\nB: \r\n")
    }

    @Test("what could end a line early is not well-formed", arguments: ["a\r\nX: 1", "a\nb", "\u{0}", "\u{7F}"])
    func injection(_ value: String) {
        let inValue: HeaderFields = ["A": value]
        let inName: HeaderFields = [value: "1"]
        #expect(!inValue.areWellFormed)
        #expect(!inName.areWellFormed)
        #expect((["A": "1 \u{E9}\t"] as HeaderFields).areWellFormed)
    }

    @Test("Connection lists are searched element by element")
    func connectionOptions() {
        let fields: HeaderFields = ["Connection": "keep-alive , X-User-ID,", "connection": "Close"]
        #expect(fields.connectionNames("keep-alive"))
        #expect(fields.connectionNames("close"))
        #expect(fields.connectionNames("x-user-id"))
        #expect(!fields.connectionNames("user"))
        #expect(fields.connectionNamesFields)
        #expect(!(["Connection": "Keep-Alive, close"] as HeaderFields).connectionNamesFields)
    }
}
