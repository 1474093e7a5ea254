import NIOCore

/// Takes the chunked coding off a body, as its bytes arrive.
///
/// Sizes, extensions and trailers are bounded; extensions and trailers are read and dropped, since nobody here uses
/// them and what is not forwarded cannot be misread further on.
struct ChunkDecoder: Sendable {
    private enum State {
        case size(value: Int, digits: Int)
        case extensions(size: Int)
        case sizeLineFeed(size: Int)
        case data(remaining: Int)
        case dataCarriageReturn
        case dataLineFeed
        case trailers(HeadScanner)
        case finished
    }

    /// One chunk: 2^48 bytes are more than any limit on a body allows.
    private static let sizeDigitsMax = 12
    /// All extensions of one body together.
    private static let extensionBytesMax = 4_096
    private static let trailerBytesMax = 8_192

    private var state = State.size(value: 0, digits: 0)
    private var extensionBytes = 0

    /// Takes the next piece of the body from the front of `buffer`; nil when more bytes are needed.
    mutating func next(_ buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> BodyDecoder.Part? {
        while true {
            switch state {
            case .data(let remaining):
                guard let bytes = buffer.readSlice(length: min(remaining, buffer.readableBytes)),
                    bytes.readableBytes > 0
                else { return nil }
                let left = remaining - bytes.readableBytes
                state = left == 0 ? .dataCarriageReturn : .data(remaining: left)
                return .bytes(bytes)
            case .trailers(var scanner):
                guard let length = try scanTrailers(&scanner, buffer), let section = buffer.readSlice(length: length)
                else {
                    state = .trailers(scanner)
                    return nil
                }
                var entries: [HeaderFields.Entry] = []
                try FieldParser.parse(section.readableBytesUInt8Span, from: 0, into: &entries)
                state = .finished
                return .end
            case .finished:
                return .end
            case .size, .extensions, .sizeLineFeed, .dataCarriageReturn, .dataLineFeed:
                guard let byte: UInt8 = buffer.readInteger() else { return nil }
                try step(byte)
            }
        }
    }

    private func scanTrailers(_ scanner: inout HeadScanner, _ buffer: ByteBuffer) throws(HTTPSyntaxError) -> Int? {
        do {
            return try scanner.scan(buffer.readableBytesUInt8Span)
        } catch {
            throw error == .headTooLong ? .trailersTooLong : error
        }
    }

    /// Moves on by one byte of the framing between the data.
    private mutating func step(_ byte: UInt8) throws(HTTPSyntaxError) {
        switch state {
        case .size(let value, let digits):
            if let digit = HTTPSyntax.hexValue(byte) {
                guard digits < Self.sizeDigitsMax else { throw .invalidChunkSize }
                state = .size(value: value << 4 | Int(digit), digits: digits + 1)
            } else {
                guard digits > 0 else { throw .invalidChunkSize }
                switch byte {
                case HTTPSyntax.carriageReturn: state = .sizeLineFeed(size: value)
                case HTTPSyntax.semicolon: state = .extensions(size: value)
                default: throw .invalidChunkSize
                }
            }
        case .extensions(let size):
            extensionBytes += 1
            guard extensionBytes <= Self.extensionBytesMax else { throw .chunkExtensionsTooLong }
            if byte == HTTPSyntax.carriageReturn {
                state = .sizeLineFeed(size: size)
            } else if byte == HTTPSyntax.lineFeed {
                throw .bareLineFeed
            } else if !HTTPSyntax.isFieldValue(byte) {
                throw .invalidChunkSize
            }
        case .sizeLineFeed(let size):
            guard byte == HTTPSyntax.lineFeed else { throw .invalidChunkSize }
            state = size == 0 ? .trailers(HeadScanner(headBytesMax: Self.trailerBytesMax)) : .data(remaining: size)
        case .dataCarriageReturn:
            guard byte == HTTPSyntax.carriageReturn else { throw .invalidChunkSize }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == HTTPSyntax.lineFeed else { throw .invalidChunkSize }
            state = .size(value: 0, digits: 0)
        case .data, .trailers, .finished:
            preconditionFailure("data and trailers are not read byte by byte")
        }
    }
}
