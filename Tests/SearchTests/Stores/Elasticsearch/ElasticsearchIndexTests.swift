import Contracts
import Foundation
import Testing

@testable import search

/// Requests and replies as the documentation of Elasticsearch 8 and OpenSearch 2 has them; no server of either is run.
@Suite struct ElasticsearchIndexTests {
    private static func state(
        live: Int = 1, last: Int = 1, building: Bool = false, positions: String = #""1":5"#, number: Int = 7
    ) -> RecordedEngine.Canned {
        .init(
            200,
            """
            {"_index":"t-state","_id":"state","_version":4,"_seq_no":\(number),"_primary_term":2,"found":true,
            "_source":{"live":\(live),"lastBuild":\(last),"isBuilding":\(building),"positions":{\(positions)}}}
            """)
    }

    private static let conflict = RecordedEngine.Canned(
        409,
        #"{"error":{"root_cause":[],"type":"version_conflict_engine_exception","reason":"[state]"},"status":409}"#)
    private static let written = RecordedEngine.Canned(
        200, #"{"_index":"t-state","_id":"state","_version":5,"result":"updated","_seq_no":8,"_primary_term":2}"#)

    private static func hits(_ events: [EventDocument], total: Int) throws -> RecordedEngine.Canned {
        let hits = try events.map { event in
            let document = String(decoding: try WireJSON.encoder.encode(event), as: UTF8.self)
            let source = String(decoding: try WireJSON.encoder.encode(["document": document]), as: UTF8.self)
            return #"{"_index":"t-1","_id":"\#(event.id)","_score":12.5,"_source":\#(source),"sort":[12.5]}"#
        }
        return .init(
            200,
            """
            {"took":3,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},
            "hits":{"total":{"value":\(total),"relation":"eq"},"max_score":12.5,"hits":[\(hits.joined(separator: ","))]},
            "aggregations":{"city":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,
            "buckets":[{"key":"London","doc_count":\(total)},{"key":"","doc_count":1}]},
            "category":{"buckets":[{"key":"Rock","doc_count":\(total)}]}}}
            """)
    }

    private func index(_ client: ElasticsearchClient) -> ElasticsearchIndex {
        ElasticsearchIndex(
            client: client, prefix: "t", state: ElasticsearchStateStore(client: client, index: "t-state"))
    }

    @Test func `a server without an index gets one, with every field declared`() async throws {
        let made = RecordedEngine.Canned(200, #"{"acknowledged":true,"shards_acknowledged":true,"index":"t-1"}"#)
        let exists = RecordedEngine.Canned(
            400, #"{"error":{"type":"resource_already_exists_exception","reason":"exists"},"status":400}"#)
        let missing = RecordedEngine.Canned(404, #"{"_index":"t-state","_id":"state","found":false}"#)
        try await RecordedEngine.with([missing, exists, made, .init(201)], authorization: "ApiKey abc") {
            client, engine in
            _ = try await ElasticsearchIndex.open(client, prefix: "t")
            #expect(
                engine.asked.map(\.line) == [
                    "GET /t-state/_doc/state", "PUT /t-state", "PUT /t-1", "PUT /t-state/_create/state?refresh=true",
                ])
            #expect(engine.asked[2].value("mappings", "dynamic") == "strict")
            #expect(engine.asked[2].value("aliases", "t-1-events") != nil)
            #expect(engine.asked[2].value("mappings", "properties", "title", "analyzer") == "whitespace")
            #expect(engine.asked[3].value("live") == "1")
            #expect(engine.asked.allSatisfy { $0.head.contains("Authorization: ApiKey abc\r\n") })
        }
    }

    @Test func `an index that is there is opened as it is, with the alias that events are stored by`() async throws {
        let missing = RecordedEngine.Canned(404, #"{"error":{"type":"index_not_found_exception"},"status":404}"#)
        try await RecordedEngine.with([Self.state(last: 2, building: true), .init(200), missing]) { client, engine in
            _ = try await ElasticsearchIndex.open(client, prefix: "t")
            #expect(
                engine.asked.map(\.line) == [
                    "GET /t-state/_doc/state", "PUT /t-1/_alias/t-1-events", "PUT /t-2/_alias/t-2-events",
                ])
        }
    }

    @Test func `events are stored with their own versions, and the position only after them`() async throws {
        let bulk = """
            {"took":30,"errors":true,"items":[
            {"index":{"_index":"t-1","_id":"coldplay","_version":1,"result":"created","status":201}},
            {"index":{"_index":"t-1","_id":"queen","status":409,
            "error":{"type":"version_conflict_engine_exception","reason":"newer"}}}]}
            """
        try await RecordedEngine.with([Self.state(), .init(200, bulk), Self.state(), Self.written]) {
            client, engine async throws in
            let events = Catalogue.events.filter { ["coldplay", "queen"].contains($0.id) }.map(IndexedEvent.init)
            #expect(try await index(client).apply(events, after: 5, cursor: 9, to: .live))
            #expect(
                engine.asked.map(\.line) == [
                    "GET /t-state/_doc/state", "POST /_bulk?require_alias=true", "GET /t-state/_doc/state",
                    "PUT /t-state/_doc/state?if_seq_no=7&if_primary_term=2&refresh=true",
                ])
            let bulk = engine.asked[1]
            #expect(bulk.head.contains("Content-Type: application/x-ndjson\r\n"))
            #expect(bulk.body.hasSuffix("\n"))
            let lines = bulk.body.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(
                lines.first
                    == #"{"index":{"_id":"coldplay","_index":"t-1-events","version":1,"version_type":"external_gte"}}"#)
            #expect(lines[1].contains(#""venue":"wembley stadium""#))
            #expect(engine.asked[3].body.contains(#""positions":{"1":9}"#))
        }
    }

    @Test func `when an event could not be stored the position stays`() async throws {
        let bulk = #"{"errors":true,"items":[{"index":{"_id":"a","status":429,"error":{"type":"rejected"}}}]}"#
        try await RecordedEngine.with([Self.state(), .init(200, bulk)]) { client, engine in
            await #expect(throws: ElasticsearchClient.Failure.self) {
                try await index(client).apply([IndexedEvent(Catalogue.events[0])], after: 5, cursor: 9, to: .live)
            }
            #expect(engine.asked.count == 2)
        }
    }

    @Test func `changes that do not follow what is known are not taken over`() async throws {
        try await RecordedEngine.with([Self.state()]) { client, engine async throws in
            let event = IndexedEvent(Catalogue.events[0])
            #expect(try await !index(client).apply([event], after: 6, cursor: 9, to: .live))
            #expect(engine.asked.count == 1)
        }
    }

    @Test(arguments: [200, 404])
    func `when another build became the live one meanwhile the feed is to be read again`(stored: Int) async throws {
        let bulk = #"{"errors":\#(stored != 200),"items":[{"index":{"_id":"coldplay","status":\#(stored)}}]}"#
        let moved = Self.state(live: 2, last: 2, positions: #""2":4"#)
        try await RecordedEngine.with([Self.state(), .init(200, bulk), moved]) { client, engine async throws in
            let event = IndexedEvent(Catalogue.events[0])
            #expect(try await !index(client).apply([event], after: 5, cursor: 9, to: .live))
            #expect(engine.asked.count == 3)
        }
    }

    @Test func `events of an index that is lost are not stored anywhere`() async throws {
        let bulk = #"{"errors":true,"items":[{"index":{"_id":"coldplay","status":404}}]}"#
        try await RecordedEngine.with([Self.state(), .init(200, bulk), Self.state()]) { client, _ in
            await #expect(throws: ElasticsearchClient.Failure.self) {
                try await index(client).apply([IndexedEvent(Catalogue.events[0])], after: 5, cursor: 9, to: .live)
            }
        }
    }

    @Test func `a reply that cannot be read is the engine's failure`() async throws {
        let document = #"{"hits":{"total":{"value":1},"hits":[{"_score":1,"_source":{"document":"{}"}}]}}"#
        for reply in ["<html>", "{}", document] {
            try await RecordedEngine.with([Self.state(), .init(200, reply)]) { client, _ in
                await #expect(throws: ElasticsearchClient.Failure.self, "\(reply)") {
                    try await index(client).search(SearchQuery(text: "coldplay"), at: Catalogue.now)
                }
            }
        }
    }

    @Test func `a position that another process moved meanwhile is read again`() async throws {
        let later = Self.state(positions: #""1":20"#, number: 8)
        try await RecordedEngine.with([Self.state(), Self.state(), Self.conflict, later]) {
            client, engine async throws in
            #expect(try await index(client).apply([], after: 5, cursor: 9, to: .live))
            #expect(engine.asked.count == 4, "20 is further than 9, so nothing is left to write")
        }
    }

    @Test func `a search asks for all words under the filters, and reads hits, total and facets`() async throws {
        let hits = try Self.hits(Catalogue.events.filter { $0.city == "London" }.prefix(3).map { $0 }, total: 7)
        try await RecordedEngine.with([Self.state(live: 3), hits]) { client, engine in
            let filter = SearchFilter(city: "LONDON", maxPrice: .init(thousandths: 5), onlyAvailable: true)
            let page = try await index(client).search(
                SearchQuery(text: #"Wembley "OR stad"#, filter: filter, offset: 20, limit: 10), at: Catalogue.now)
            #expect(page.total == 7 && page.hits.count == 3 && page.hits[0].score == 12.5)
            #expect(page.facets.document == ["city": ["London": 7], "category": ["Rock": 7]])
            let asked = engine.asked[1]
            #expect(asked.line == "POST /t-3/_search")
            #expect(asked.value("from") == "20" && asked.value("size") == "10")
            let second = ["query", "bool", "must", "1", "dis_max", "queries", "0", "multi_match", "query"]
            #expect(asked.value(second) == "or")
            #expect(asked.body.contains(#"{"term":{"cityKey":"london"}}"#))
            #expect(asked.body.contains(#"{"range":{"prices":{"lte":5}}}"#))
            #expect(asked.body.contains(#"{"term":{"isSoldOut":false}}"#))
            #expect(asked.body.contains(#""type":"bool_prefix""#))
            #expect(!asked.body.contains("fuzziness"))
        }
    }

    @Test func `where few have the words mistakes are forgiven, and what stood for them is told`() async throws {
        let none = try Self.hits([], total: 0)
        let one = try Self.hits(Catalogue.events.filter { $0.id == "coldplay" }, total: 1)
        try await RecordedEngine.with([Self.state(), none, one]) { client, engine in
            let page = try await index(client).search(SearchQuery(text: "coldpaly"), at: Catalogue.now)
            #expect(page.hits.map(\.event.id) == ["coldplay"])
            #expect(page.matched.contains(MatchedWord(folded: "coldplay", isPrefix: false)))
            #expect(engine.asked[2].body.contains(#""fuzziness":2"#))
        }
    }

    @Test func `suggestions are of titles, artists and venues`() async throws {
        let hits = try Self.hits(Catalogue.events.filter { $0.id == "coldplay" }, total: 1)
        try await RecordedEngine.with([Self.state(), hits]) { client, engine in
            let texts = try await index(client).suggestions(for: ["wem"], limit: 10, at: Catalogue.now)
            #expect(texts == ["Wembley Stadium"])
            #expect(!engine.asked[1].body.contains("description"))
        }
    }

    @Test func `a new build gets an index of its own, is searched at once, and the old one goes`() async throws {
        let begun = Self.state(last: 2, building: true, positions: #""1":5,"2":4"#)
        let acknowledged = RecordedEngine.Canned(200, #"{"acknowledged":true}"#)
        let replies = [
            Self.state(), acknowledged, Self.state(), Self.written, begun, .init(200, #"{"_shards":{}}"#), begun,
            Self.written, acknowledged,
        ]
        try await RecordedEngine.with(replies) { client, engine async throws in
            let index = index(client)
            #expect(try await index.beginBuild() == 2)
            try await index.promote(2)
            #expect(
                engine.asked.map(\.line).filter { !$0.contains("state") } == [
                    "PUT /t-2", "POST /t-2/_refresh", "DELETE /t-1?ignore_unavailable=true",
                ])
            #expect(engine.asked[7].value("live") == "2")
        }
    }

    @Test func `a build is announced only when its index is there`() async throws {
        let replies = [Self.state(), .init(200, #"{"acknowledged":true}"#), Self.state(), Self.written]
        try await RecordedEngine.with(replies) { client, engine in
            _ = try await index(client).beginBuild()
            #expect(engine.asked[1].line == "PUT /t-2")
            #expect(engine.asked[1].value("aliases", "t-2-events") != nil)
            #expect(engine.asked[3].value("lastBuild") == "2")
        }
    }

    @Test func `of two builds that begin in the same moment one is superseded at once`() async throws {
        let exists = RecordedEngine.Canned(
            400, #"{"error":{"type":"resource_already_exists_exception","reason":"exists"},"status":400}"#)
        let other = Self.state(last: 2, building: true)
        try await RecordedEngine.with([Self.state(), exists, Self.state(), Self.conflict, other]) { client, engine in
            await #expect(throws: SearchError.buildSuperseded) { try await index(client).beginBuild() }
            #expect(engine.asked.count == 5)
        }
    }

    @Test func `a build that is not the running one changes nothing`() async throws {
        try await RecordedEngine.with([Self.state(last: 3, building: true)]) { client, engine in
            await #expect(throws: SearchError.buildSuperseded) {
                try await index(client).apply([], after: 0, cursor: 1, to: .next(build: 2))
            }
            #expect(engine.asked.count == 1)
        }
    }

    @Test func `what is sold out is marked in the stored document, whose version stays`() async throws {
        let document = try ElasticsearchDocument(IndexedEvent(Catalogue.events[0]))
        let source = String(decoding: try WireJSON.encoder.encode(document), as: UTF8.self)
        let found = """
            {"docs":[{"_index":"t-1","_id":"coldplay","_version":1,"found":true,"_source":\(source)},
            {"_index":"t-1","_id":"gone","found":false}]}
            """
        let stored = #"{"errors":false,"items":[{"index":{"_id":"coldplay","status":200}}]}"#
        try await RecordedEngine.with([Self.state(), .init(200, found), .init(200, stored)]) { client, engine in
            try await index(client).mark(["coldplay": true, "gone": true])
            #expect(engine.asked[1].body == #"{"ids":["coldplay","gone"]}"#)
            #expect(engine.asked[2].body.contains(#""isSoldOut":true"#))
            #expect(engine.asked[2].body.contains(#""version":1,"version_type":"external_gte""#))
        }
    }
}
