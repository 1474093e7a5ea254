import Hummingbird
import ServiceKit

extension EventFilter {
    /// Reads the query of `request`.
    init(_ request: Request) throws(Problem) {
        let query = QueryItems(request)
        self.init(
            includesInactive: try Self.flag(query["includeInactive"], "includeInactive"),
            upcomingOnly: try Self.flag(query["upcoming"], "upcoming"),
            city: try Self.text(query["city"], "city"), category: try Self.text(query["category"], "category"),
            ownerID: try Self.text(query["ownerId"], "ownerId"))
    }

    private static func flag(_ value: String?, _ name: String) throws(Problem) -> Bool {
        switch value {
        case nil, "", "false", "0": return false
        case "true", "1": return true
        default: throw .invalid(name, "must be true or false")
        }
    }

    private static func text(_ value: String?, _ name: String) throws(Problem) -> String? {
        guard let text = value?.trimmed, !text.isEmpty else { return nil }
        guard text.unicodeScalars.count <= EventLimits.filterCharacters else {
            throw .invalid(name, "must have at most \(EventLimits.filterCharacters) characters")
        }
        // No text of an event has one, and no database takes it.
        guard !text.utf8.contains(0) else { throw .invalid(name, "must not contain NUL") }
        return text
    }
}
