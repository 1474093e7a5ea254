import Contracts
import ServiceKit

/// Writes the reply of a search, byte for byte what the general encoder makes of ``SearchReply``.
///
/// By hand because the events of a page are written already: encoding them again took most of a search's time, and
/// more than its engine.
struct SearchReplyWriter {
    let query: SearchQuery
    let page: PageRequest
    let results: SearchResults

    /// A little more than most events take.
    private static let bytesPerEvent = 2500

    func json() throws -> [UInt8] {
        var json = JSONBytes(capacity: 1000 + Self.bytesPerEvent * results.hits.count)
        json.beginObject()
        try json.field("facets", encoding: results.facets.document)
        if !results.isAvailabilityCurrent { json.field("isAvailabilityStale", flag: true) }
        json.field("page", number: page.page)
        json.field("pageSize", number: page.pageSize)
        json.field("query", text: query.text)
        json.beginList("results")
        for hit in results.hits {
            let highlights = Self.highlights(hit)
            json.element { hit.event.write(hit.stock, score: hit.score, highlights: highlights, to: &$0) }
        }
        json.endList()
        json.field("total", number: results.total)
        json.endObject()
        return json.bytes
    }

    private static func highlights(_ hit: FoundEvent) -> [UInt8] {
        guard !hit.highlights.isEmpty else { return Array("{}".utf8) }
        var json = JSONBytes(capacity: 300)
        json.beginObject()
        for name in Highlighter.fieldNames {
            if let text = hit.highlights["\(name)"] { json.field(name, text: text) }
        }
        json.endObject()
        return json.bytes
    }
}
