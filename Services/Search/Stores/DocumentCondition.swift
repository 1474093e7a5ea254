import Contracts
import DatabaseKit
import ServiceKit

/// The part of a `WHERE` that says which documents may be found at all, whatever their words.
struct DocumentCondition {
    private(set) var sql = "d.is_listed = 1"
    private(set) var parameters: [any SQLValueConvertible] = []

    init(_ filter: SearchFilter, at now: Timestamp) {
        require("d.ends_at > #", now)
        if let city = filter.city { require("d.city_key = #", IndexedEvent.filterKey(city)) }
        if let category = filter.category { require("d.category_key = #", IndexedEvent.filterKey(category)) }
        if let from = filter.from { require("d.event_date >= #", from) }
        if let to = filter.to { require("d.event_date <= #", to) }
        let prices = "EXISTS (SELECT 1 FROM prices WHERE prices.docid = d.docid AND "
        switch (filter.minPrice, filter.maxPrice) {
        case (nil, nil): break
        case (let min?, nil): require(prices + "price >= #)", min.thousandths)
        case (nil, let max?): require(prices + "price <= #)", max.thousandths)
        case (let min?, let max?): require(prices + "price BETWEEN # AND #)", min.thousandths, max.thousandths)
        }
    }

    /// Adds a condition with a `#` in each value's place.
    mutating func require(_ condition: String, _ values: any SQLValueConvertible...) {
        sql += " AND "
        var values = values[...]
        for character in condition {
            if character == "#", let value = values.popFirst() {
                parameters.append(value)
                sql += "$\(parameters.count)"
            } else {
                sql.append(character)
            }
        }
    }

    /// The place of one more value.
    mutating func add(_ value: any SQLValueConvertible) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }
}
