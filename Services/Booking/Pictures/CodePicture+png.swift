import CZlib

extension CodePicture {
    /// Pixels a side of a module.
    private static let scale = 8
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The code as PNG (RFC 2083) with one bit a pixel; nil when zlib has no memory.
    func png() -> [UInt8]? {
        let side = (width + 2 * Self.margin) * Self.scale
        guard let pixels = Self.compressed(rows(side)) else { return nil }
        // Width, height, one bit a pixel, shades of grey, the one compression and filter there are, not interlaced.
        let header = Self.bytes(UInt32(side)) + Self.bytes(UInt32(side)) + [1, 0, 0, 0, 0]
        return Self.signature + Self.chunk("IHDR", header) + Self.chunk("IDAT", pixels) + Self.chunk("IEND", [])
    }

    /// The rows of pixels, each after the byte that says it is not filtered; a bit that is set is light.
    private func rows(_ side: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(side * (side / 8 + 2))
        for row in -Self.margin..<width + Self.margin {
            var line: [UInt8] = [0]
            // A module is as wide as the bits of a byte.
            for column in -Self.margin..<width + Self.margin {
                line.append(isDark(row: row, column: column) ? 0x00 : 0xFF)
            }
            for _ in 0..<Self.scale { bytes += line }
        }
        return bytes
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var length = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&output, &length, bytes, UInt(bytes.count), Z_BEST_COMPRESSION) == Z_OK else { return nil }
        return Array(output.prefix(Int(length)))
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        let sum = UInt32(truncatingIfNeeded: crc32(0, body, UInt32(body.count)))
        return bytes(UInt32(data.count)) + body + bytes(sum)
    }

    /// Most significant byte first.
    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
