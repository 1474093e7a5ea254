import Hummingbird
import ServiceKit

extension EventFilter {
    /// Reads the query of `request`.
    init(_ request: Request) throws(Problem) {
        let query = QueryItems(request)
        self.init(
            includesInactive: try Self.flag(query["includeInactive"], "includeInactive"),
            upcomingOnly: try Self.flag(query["upcoming"], "upcoming"),
            city: Self.text(query["city"]), category: Self.text(query["category"]),
            ownerID: Self.text(query["ownerId"]))
    }

    private static func flag(_ value: String?, _ name: String) throws(Problem) -> Bool {
        switch value {
        case nil, "", "false", "0": return false
        case "true", "1": return true
        default: throw .invalid(name, "must be true or false")
        }
    }

    private static func text(_ value: String?) -> String? {
        value.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
    }
}
