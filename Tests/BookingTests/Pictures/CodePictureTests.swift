import Foundation
import Testing

@testable import booking

@Suite struct CodePictureTests {
    @Test func `a code has its three finder patterns and nothing outside`() throws {
        let picture = try #require(CodePicture("HFT1.k1.TEST"))
        #expect((picture.width - 21) % 4 == 0)
        let corners = [(0, 0), (0, picture.width - 7), (picture.width - 7, 0)]
        for (top, left) in corners {
            for row in 0..<7 {
                for column in 0..<7 {
                    let ring = min(row, column, 6 - row, 6 - column)
                    #expect(picture.isDark(row: top + row, column: left + column) == (ring != 1))
                }
            }
        }
        #expect(!picture.isDark(row: -1, column: 0) && !picture.isDark(row: 0, column: picture.width))
    }

    @Test func `a text that no code can hold has no picture`() {
        #expect(CodePicture("") == nil)
        #expect(CodePicture(String(repeating: "x", count: 5000)) == nil)
    }

    @Test func `SVG draws every dark module once, with its margin, and escapes what it says`() throws {
        let picture = try #require(CodePicture("HFT1.<&>"))
        let svg = picture.svg(title: "Ticket \"<1>\"")
        let side = picture.width + 8
        #expect(svg.contains("viewBox=\"0 0 \(side) \(side)\""))
        #expect(svg.contains("<title>Ticket &quot;&lt;1&gt;&quot;</title><desc>HFT1.&lt;&amp;&gt;</desc>"))
        var drawn: Set<[Int]> = []
        for match in svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-/) {
            let (column, row, length) = try (
                #require(Int(match.1)), #require(Int(match.2)), #require(Int(match.3))
            )
            for offset in 0..<length { #expect(drawn.insert([row - 4, column - 4 + offset]).inserted) }
        }
        for row in 0..<picture.width {
            for column in 0..<picture.width {
                #expect(drawn.contains([row, column]) == picture.isDark(row: row, column: column))
            }
        }
    }

    @Test func `PNG has the signature, the size and whole chunks`() throws {
        let picture = try #require(CodePicture("HFT1.k1.TEST"))
        let bytes = try #require(picture.png())
        #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(_ offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        var offset = 8
        var types: [String] = []
        while offset < bytes.count {
            types.append(String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self))
            offset += 12 + number(offset)
        }
        #expect(types == ["IHDR", "IDAT", "IEND"])
        #expect(offset == bytes.count)
        #expect(number(16) == (picture.width + 8) * 8 && number(20) == number(16))
    }
}
