/// The reply of `GET /api/search`.
package struct SearchReply: Sendable, Codable {
    package let query: String
    package let total: Int
    package let page: Int
    package let pageSize: Int
    package let results: [SearchHit]
    /// How many results each city and category has, under the same query and filters.
    package let facets: [String: [String: Int]]
    /// True when inventory did not answer, so that what is left is told as it was known last, or as zero; else absent.
    package let isAvailabilityStale: Bool?

    package init(
        query: String, total: Int, page: Int, pageSize: Int, results: [SearchHit], facets: [String: [String: Int]],
        isAvailabilityStale: Bool? = nil
    ) {
        self.query = query
        self.total = total
        self.page = page
        self.pageSize = pageSize
        self.results = results
        self.facets = facets
        self.isAvailabilityStale = isAvailabilityStale
    }
}

/// An event that was found: its fields with a score and the places where the words stand.
package struct SearchHit: Sendable, Codable {
    package let event: EventDocument
    /// Higher is better; comparable within one reply only.
    package let score: Double
    /// Field name to its text with the found words between `<em>` and `</em>`, the rest HTML-escaped.
    package let highlights: [String: String]

    package init(event: EventDocument, score: Double, highlights: [String: String]) {
        self.event = event
        self.score = score
        self.highlights = highlights
    }

    private enum CodingKeys: String, CodingKey {
        case score, highlights
    }

    package init(from decoder: any Decoder) throws {
        event = try EventDocument(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        score = try container.decode(Double.self, forKey: .score)
        highlights = try container.decode([String: String].self, forKey: .highlights)
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(score, forKey: .score)
        try container.encode(highlights, forKey: .highlights)
    }
}
