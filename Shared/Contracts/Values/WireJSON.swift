package import Foundation
package import NIOCore
import NIOFoundationCompat

/// JSON as every service reads and writes it: `camelCase` keys in one fixed order, absent instead of null.
///
/// One encoder and one decoder serve the whole process; both are immutable after this line and safe to share.
package enum WireJSON {
    package static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    package static let decoder = JSONDecoder()

    /// `value` as JSON bytes, ready to be sent.
    package static func encode(_ value: some Encodable) throws -> ByteBuffer {
        try ByteBuffer(data: encoder.encode(value))
    }

    /// Reads one value from all of `buffer`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) throws -> Value {
        try decoder.decode(type, from: Data(buffer.readableBytesView))
    }
}
