import Contracts
import ServiceKit
import Testing

@testable import booking

@Suite struct TicketCodeTests {
    private let codec = TicketCodec(keys: .random())
    private let code = TicketCode(ticketID: "0198c000-0000-7000-8000-000000000001", version: 3)

    private func keys(_ texts: String...) throws -> KeyRing {
        try KeyRing(parsing: texts.joined(separator: ","), setting: "KEYS")
    }

    private static func key(_ id: String, _ digit: Character) -> String {
        "\(id):" + String(repeating: digit, count: 64)
    }

    @Test func `a code says its ticket and its version`() throws {
        let text = try #require(codec.text(code))
        #expect(codec.code(text) == code)
        #expect(text.hasPrefix("HFT1.k1.0198C000000070008000000000000001.3."))
        #expect(text.utf8.count < TicketCodec.textBytesMax)
    }

    @Test func `whatever is changed in it, it is none`() throws {
        let text = try #require(codec.text(code))
        for index in text.indices {
            for replacement in ["0", "1", "A", ".", "g", ""] where String(text[index]) != replacement {
                let forged = text.replacingCharacters(in: index...index, with: replacement)
                // Hexadecimal digits of the MAC may be written small: that is the same code.
                guard forged.uppercased() != text.uppercased() else { continue }
                #expect(codec.code(forged) == nil, "\(forged)")
            }
        }
        for other in ["", "HFT1", "HFT1....", text + "0", text + ".", " " + text, String(repeating: "A", count: 5000)] {
            #expect(codec.code(other) == nil)
        }
        #expect(TicketCodec(keys: .random()).code(text) == nil)
    }

    @Test func `codes of an older key are good as long as it is kept`() throws {
        let old = TicketCodec(keys: try keys(Self.key("a", "1")))
        let both = TicketCodec(keys: try keys(Self.key("b", "2"), Self.key("a", "1")))
        let text = try #require(old.text(code))
        #expect(both.code(text) == code)
        #expect(try #require(both.text(code)).hasPrefix("HFT1.b."))
        #expect(TicketCodec(keys: try keys(Self.key("b", "2"))).code(text) == nil)
        // A key of the same name that is another one opens nothing.
        #expect(TicketCodec(keys: try keys(Self.key("a", "3"))).code(text) == nil)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: ClosedRange<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
