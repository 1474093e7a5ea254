import Contracts
import DatabaseKit
import Foundation

/// The customer of a reservation as a text column.
enum CustomerText {
    static func encode(_ customer: CustomerDocument) throws -> String {
        String(decoding: try WireJSON.encoder.encode(customer), as: UTF8.self)
    }

    static func decode(_ text: String) throws -> CustomerDocument {
        do {
            return try WireJSON.decoder.decode(CustomerDocument.self, from: Data(text.utf8))
        } catch {
            throw DatabaseError(.decoding, "column \"customer\" holds no customer")
        }
    }
}
