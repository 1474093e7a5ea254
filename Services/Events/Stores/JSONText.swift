import Contracts
import DatabaseKit
import Foundation

/// Values that are stored whole in a text column, because nothing asks for their parts.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encoder.encode(value), as: UTF8.self)
    }

    /// - Throws: ``DatabaseError`` `decoding` for a text that another program wrote.
    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try WireJSON.decoder.decode(Value.self, from: Data(text.utf8))
        } catch {
            throw DatabaseError(.decoding, "a text column holds no \(Value.self)")
        }
    }
}
