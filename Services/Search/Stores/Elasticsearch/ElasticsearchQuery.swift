import Contracts

/// The body of a search request.
enum ElasticsearchQuery {
    /// As on the other engines: a word in the title says more than one in the description.
    private static let fields: JSONValue = [
        "title^10", "artist^8", "venue^4", "city^3", "category^3", "description",
    ]
    private static let names: JSONValue = ["title^10", "artist^8", "venue^4"]

    /// - Parameter forgiving: whether words with a typing mistake count as well
    static func search(_ query: SearchQuery, at now: Timestamp, forgiving: Bool) -> JSONValue {
        let places = SearchTerms(words: query.words).places
        var bool: [String: JSONValue] = [
            "filter": .array(filters(query.filter, at: now)),
            "must": .array(places.map { place($0, fields, forgiving: forgiving) }),
        ]
        if places.count > 1 {
            let phrase: JSONValue = .string(query.words.joined(separator: " "))
            bool["should"] = [["multi_match": ["query": phrase, "type": "phrase", "fields": fields]]]
        }
        return [
            "query": ["bool": .object(bool)], "sort": sort(query), "track_total_hits": true,
            "from": .integer(Int64(query.offset)), "size": .integer(Int64(query.limit)), "_source": ["document"],
            "track_scores": true,
            "aggs": [
                "city": facet("cityName"), "category": facet("categoryName"),
            ],
        ]
    }

    static func suggestions(_ words: [String], at now: Timestamp, limit: Int) -> JSONValue {
        let places = SearchTerms(words: words).places.map { place($0, names, forgiving: false) }
        return [
            "query": ["bool": ["filter": .array(filters(SearchFilter(), at: now)), "must": .array(places)]],
            "sort": [["_score": "desc"], ["eventDate": "asc"], ["id": "asc"]],
            "size": .integer(Int64(limit)), "_source": ["document"],
        ]
    }

    static func soldOut(after eventID: String, limit: Int, at now: Timestamp) -> JSONValue {
        [
            "query": [
                "bool": [
                    "filter": .array(
                        filters(SearchFilter(), at: now) + [
                            ["term": ["isSoldOut": true]], ["range": ["id": ["gt": .string(eventID)]]],
                        ])
                ]
            ],
            "sort": [["id": "asc"]], "size": .integer(Int64(limit)), "_source": ["document"],
        ]
    }

    /// One word: whole, as a beginning when it may be unfinished, and with mistakes when they are forgiven.
    private static func place(_ place: SearchTerms.Place, _ fields: JSONValue, forgiving: Bool) -> JSONValue {
        let word = JSONValue.string(place.word)
        var ways: [JSONValue] = [["multi_match": ["query": word, "fields": fields, "boost": 2.0]]]
        if place.isPrefix { ways.append(["multi_match": ["query": word, "type": "bool_prefix", "fields": fields]]) }
        if forgiving, TypingMistakes.lengths(for: place.word) != nil {
            let distance = EditDistance.forgiven(length: place.word.unicodeScalars.count)
            ways.append([
                "multi_match": [
                    "query": word, "fields": fields, "fuzziness": .integer(Int64(distance)), "boost": 0.1,
                    "max_expansions": 50,
                ]
            ])
        }
        return ["dis_max": ["queries": .array(ways)]]
    }

    private static func filters(_ filter: SearchFilter, at now: Timestamp) -> [JSONValue] {
        var filters: [JSONValue] = [
            ["term": ["isListed": true]], ["range": ["endsAt": ["gt": .integer(now.milliseconds)]]],
        ]
        if let city = filter.city { filters.append(["term": ["cityKey": .string(IndexedEvent.filterKey(city))]]) }
        if let category = filter.category {
            filters.append(["term": ["categoryKey": .string(IndexedEvent.filterKey(category))]])
        }
        filters += range("eventDate", filter.from?.milliseconds, filter.to?.milliseconds)
        filters += range("prices", filter.minPrice?.thousandths, filter.maxPrice?.thousandths)
        if filter.onlyAvailable { filters.append(["term": ["isSoldOut": false]]) }
        return filters
    }

    private static func range(_ field: String, _ from: Int64?, _ to: Int64?) -> [JSONValue] {
        var bounds: [String: JSONValue] = [:]
        if let from { bounds["gte"] = .integer(from) }
        if let to { bounds["lte"] = .integer(to) }
        return bounds.isEmpty ? [] : [["range": [field: .object(bounds)]]]
    }

    private static func sort(_ query: SearchQuery) -> JSONValue {
        switch query.sort {
        case .relevance: [["_score": "desc"], ["eventDate": "asc"], ["id": "asc"]]
        case .date: [["eventDate": "asc"], ["id": "asc"]]
        case .price: [["minPrice": "asc"], ["eventDate": "asc"], ["id": "asc"]]
        }
    }

    private static func facet(_ field: JSONValue) -> JSONValue {
        ["terms": ["field": field, "size": .integer(Int64(SearchLimits.facetValuesMax))]]
    }
}
