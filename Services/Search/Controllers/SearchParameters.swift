import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// The query items of a search, checked together so that one reply names all that is wrong.
struct SearchParameters {
    private let request: Request
    private let items: QueryItems
    private var errors: [FieldError] = []

    init(_ request: Request) {
        self.request = request
        items = QueryItems(request)
    }

    /// What is looked for and which page of it.
    func query() throws -> (SearchQuery, PageRequest) {
        var reader = self
        let page = try PageRequest(request)
        if !page.isWithinDepth {
            reader.refuse("page", "must not lead beyond result \(SearchLimits.depthMax)")
        }
        let text = reader.readText()
        let filter = reader.filter()
        let sort = reader.sort()
        guard reader.errors.isEmpty else { throw Problem.invalid(reader.errors) }
        let query = SearchQuery(
            text: text, filter: filter, sort: sort, offset: page.offset, limit: page.pageSize)
        return (query, page)
    }

    /// What is being typed.
    func text() throws -> String {
        var reader = self
        let text = reader.readText()
        guard reader.errors.isEmpty else { throw Problem.invalid(reader.errors) }
        return text
    }

    private mutating func refuse(_ field: String, _ message: String) {
        errors.append(FieldError(field, message))
    }

    private mutating func readText() -> String {
        let text = items["q"] ?? ""
        guard text.unicodeScalars.count <= SearchLimits.queryCharacters else {
            refuse("q", "must have at most \(SearchLimits.queryCharacters) characters")
            return ""
        }
        return text
    }

    private mutating func filter() -> SearchFilter {
        let filter = SearchFilter(
            city: choice("city"), category: choice("category"), from: time("from"), to: time("to"),
            minPrice: price("minPrice"), maxPrice: price("maxPrice"), onlyAvailable: flag("available"))
        if let from = filter.from, let to = filter.to, from > to { refuse("to", "must not be before from") }
        if let min = filter.minPrice, let max = filter.maxPrice, min > max {
            refuse("maxPrice", "must not be below minPrice")
        }
        return filter
    }

    private mutating func sort() -> SearchSort? {
        guard let name = given("sort") else { return nil }
        guard let sort = SearchSort(rawValue: name) else {
            refuse("sort", "must be one of: \(SearchSort.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return sort
    }

    private mutating func choice(_ name: String) -> String? {
        guard let text = given(name) else { return nil }
        guard text.unicodeScalars.count <= SearchLimits.filterCharacters else {
            refuse(name, "must have at most \(SearchLimits.filterCharacters) characters")
            return nil
        }
        // No text of an event has one, and no database takes it.
        guard !text.utf8.contains(0) else {
            refuse(name, "must not contain NUL")
            return nil
        }
        return text
    }

    private mutating func time(_ name: String) -> Timestamp? {
        guard let text = given(name) else { return nil }
        // The plus of an offset reads as a space when it was not written %2B.
        if let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text.replacing(" ", with: "+")) { return time }
        refuse(name, "must be an RFC 3339 time such as 2026-01-31T19:30:00Z")
        return nil
    }

    private mutating func price(_ name: String) -> ComparablePrice? {
        guard let text = given(name) else { return nil }
        let isNumber = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
        }
        // A JSON number is exactly what the wire's amounts are.
        if isNumber, let amount = try? WireJSON.decoder.decode(DecimalAmount.self, from: Data(text.utf8)),
            let price = ComparablePrice(amount)
        {
            return price
        }
        refuse(name, "must be an amount of at most three decimals, such as 49.50")
        return nil
    }

    private mutating func flag(_ name: String) -> Bool {
        switch given(name) {
        case nil, "false", "0": return false
        case "true", "1": return true
        default:
            refuse(name, "must be true or false")
            return false
        }
    }

    /// An item's value; an empty one counts as not given.
    private func given(_ name: String) -> String? {
        items[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
