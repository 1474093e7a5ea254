import Contracts
import Foundation

/// The reply to a search request, as far as it is read.
struct ElasticsearchReply: Decodable {
    struct Hits: Decodable {
        struct Total: Decodable {
            let value: Int
        }

        struct Hit: Decodable {
            struct Source: Decodable {
                let document: String

                /// The event as it is shown.
                var card: EventCard {
                    get throws(SearchEngineFailure) {
                        do {
                            return try EventCard(
                                WireJSON.decoder.decode(EventDocument.self, from: Data(document.utf8)))
                        } catch {
                            throw SearchEngineFailure(
                                status: 200, type: SearchEngineFailure.unreadable, request: "for a stored event")
                        }
                    }
                }
            }

            let score: Double?
            let source: Source

            private enum CodingKeys: String, CodingKey {
                case score = "_score"
                case source = "_source"
            }
        }

        let total: Total
        let hits: [Hit]
    }

    struct Facet: Decodable {
        struct Bucket: Decodable {
            let key: String
            let count: Int

            private enum CodingKeys: String, CodingKey {
                case key
                case count = "doc_count"
            }
        }

        let buckets: [Bucket]
    }

    let hits: Hits
    let aggregations: [String: Facet]?

    /// City and category with their counts.
    var facets: Facets {
        var facets = Facets()
        for bucket in aggregations?["city"]?.buckets ?? [] {
            facets.add(city: bucket.key, category: "", count: bucket.count)
        }
        for bucket in aggregations?["category"]?.buckets ?? [] {
            facets.add(city: "", category: bucket.key, count: bucket.count)
        }
        return facets
    }
}
