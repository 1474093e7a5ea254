import Contracts
import DatabaseKit
import ServiceKit

/// Conditions of a `WHERE` with their values, gathered one by one.
struct Condition {
    private(set) var parts: [String] = []
    private(set) var parameters: [any SQLValueConvertible] = []

    /// All conditions together; `TRUE` in both dialects when there are none.
    var sql: String { parts.isEmpty ? "1 = 1" : parts.joined(separator: " AND ") }

    /// Adds a condition with a `#` in each value's place.
    mutating func require(_ condition: String, _ values: any SQLValueConvertible...) {
        var sql = ""
        var values = values[...]
        for character in condition {
            if character == "#", let value = values.popFirst() {
                sql += add(value)
            } else {
                sql.append(character)
            }
        }
        parts.append(sql)
    }

    /// The place of one more value.
    mutating func add(_ value: any SQLValueConvertible) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }

    /// The filters that look at a row `d` of the documents, and whether there is one.
    mutating func requireDocument(_ filter: SearchFilter, _ tables: CopyTables) -> Bool {
        let before = parts.count
        if let from = filter.from { require("d.event_date >= #", from) }
        if let to = filter.to { require("d.event_date <= #", to) }
        if filter.onlyAvailable { require("d.is_sold_out = 0") }
        let prices = "EXISTS (SELECT 1 FROM \(tables.prices) p WHERE p.serial = d.serial AND "
        switch (filter.minPrice, filter.maxPrice) {
        case (nil, nil): break
        case (let min?, nil): require(prices + "p.price >= #)", min.thousandths)
        case (nil, let max?): require(prices + "p.price <= #)", max.thousandths)
        case (let min?, let max?): require(prices + "p.price BETWEEN # AND #)", min.thousandths, max.thousandths)
        }
        return parts.count > before
    }

    /// The filters that look at the group that `group` names.
    mutating func requireGroup(_ filter: SearchFilter, _ tables: CopyTables, _ group: String) {
        guard filter.city != nil || filter.category != nil else { return }
        var keys: [String] = []
        if let city = filter.city { keys.append("city_key = " + add(IndexedEvent.filterKey(city))) }
        if let category = filter.category { keys.append("category_key = " + add(IndexedEvent.filterKey(category))) }
        parts.append("\(group) IN (SELECT id FROM \(tables.groups) WHERE \(keys.joined(separator: " AND ")))")
    }
}
