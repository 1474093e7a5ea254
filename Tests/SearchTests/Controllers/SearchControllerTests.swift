import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import search

@Suite(.serialized, .onBothDatabases) struct SearchControllerTests {
    private func run(
        _ documents: [EventDocument] = Catalogue.events,
        _ body: @Sendable (FakeInventory, any TestClientProtocol, TestEnvironment) async throws -> Void
    ) async throws {
        let test = try await TestEnvironment.make(.search, clock: ManualClock(Catalogue.now))
        let feed = FakeFeed(documents)
        let inventory = FakeInventory()
        let database = try await test.environment.openDatabase(migrations: SearchMigrations.all)
        let index = SQLSearchIndex(database: database)
        try await RebuildIndex(index: index, feed: feed, logger: SearchFixture.logger).build(restart: true)
        let parts = SearchMain.build(
            try SearchConfiguration(test.settings), test.environment, index: index, events: feed, stock: inventory)
        let application = Application(
            responder: RunningService.responder(parts, test.environment), logger: SearchFixture.logger)
        try await application.test(.router) { client in try await body(inventory, client, test) }
        await test.close()
    }

    private func problem(_ response: TestResponse) throws -> ProblemDocument {
        try WireJSON.decode(ProblemDocument.self, from: response.body)
    }

    @Test func `a search is answered with events, scores, highlights and facets`() async throws {
        try await run { _, client, _ async throws in
            let response = try await client.execute(uri: "/api/search?q=wembley+stadium", method: .get)
            #expect(response.status == .ok)
            #expect(response.headers[.xTotalCount] == "3")
            let reply = try WireJSON.decode(SearchReply.self, from: response.body)
            #expect(reply.query == "wembley stadium")
            #expect(reply.total == 3 && reply.page == 1 && reply.pageSize == 20)
            #expect(Set(reply.results.map(\.event.id)) == ["coldplay", "queen", "acdc"])
            #expect(reply.results.allSatisfy { $0.highlights["venue"] == "<em>Wembley</em> <em>Stadium</em>" })
            #expect(reply.facets == ["city": ["London": 3], "category": ["Rock": 3]])
        }
    }

    @Test func `filters, order and pages are read from the query`() async throws {
        try await run { _, client, _ async throws in
            let uri =
                "/api/search?city=paris&from=2026-01-16T00:00:00+00:00&maxPrice=110.00&sort=price&pageSize=1&page=2"
            let reply = try WireJSON.decode(
                SearchReply.self, from: await client.execute(uri: uri, method: .get).body)
            #expect(reply.total == 2)
            #expect(reply.results.map(\.event.id) == ["metallica"])
        }
    }

    @Test func `without words the next events come first`() async throws {
        try await run { _, client, _ async throws in
            for uri in ["/api/search", "/api/search?q=", "/api/search?q=%20"] {
                let reply = try WireJSON.decode(
                    SearchReply.self, from: await client.execute(uri: uri, method: .get).body)
                #expect(reply.total == Catalogue.events.count)
                #expect(reply.results.first?.event.id == "cheap")
            }
        }
    }

    @Test func `everything that is wrong with a query is said at once`() async throws {
        try await run { _, client, _ async throws in
            let uri =
                "/api/search?q=\(String(repeating: "a", count: 501))&from=yesterday&minPrice=-1&maxPrice=1.2345"
                + "&available=perhaps&sort=best&page=101&pageSize=100"
            let response = try await client.execute(uri: uri, method: .get)
            #expect(response.status == .unprocessableContent)
            #expect(
                Set(try problem(response).errors?.map(\.field) ?? [])
                    == ["q", "from", "minPrice", "maxPrice", "available", "sort", "page"])
        }
    }

    @Test(arguments: [
        "page=0", "pageSize=101", "page=9999999999999999999", "minPrice=5&maxPrice=4", "minPrice=1e5", "minPrice=NaN",
        "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
    ])
    func `a query that cannot be is 422`(query: String) async throws {
        try await run { _, client, _ async throws in
            let response = try await client.execute(uri: "/api/search?\(query)", method: .get)
            #expect(response.status == .unprocessableContent)
        }
    }

    @Test func `the deepest page there is can be asked for`() async throws {
        try await run { _, client, _ async throws in
            let response = try await client.execute(uri: "/api/search?page=100&pageSize=100", method: .get)
            #expect(try WireJSON.decode(SearchReply.self, from: response.body).results.isEmpty)
        }
    }

    @Test(arguments: ["%22", "a%22%20OR%20%22b", "*", "%00", "NEAR(", "%F0%9F%8E%B8", "%", "%ZZ", "%FF"])
    func `hostile text is just text`(text: String) async throws {
        try await run { _, client, _ async throws in
            let search = try await client.execute(uri: "/api/search?q=\(text)", method: .get)
            #expect(search.status == .ok)
            let suggest = try await client.execute(uri: "/api/search/suggest?q=\(text)", method: .get)
            #expect(suggest.status == .ok)
        }
    }

    @Test(arguments: ["city=a%00b", "category=%00", "q=a%00b&city=%00"])
    func `a filter with a character that no text has is refused`(query: String) async throws {
        try await run { _, client, _ async throws in
            let response = try await client.execute(uri: "/api/search?\(query)", method: .get)
            #expect(response.status == .unprocessableContent)
        }
    }

    @Test func `suggestions are a bare list of texts`() async throws {
        try await run { _, client, _ async throws in
            let response = try await client.execute(uri: "/api/search/suggest?q=wemb", method: .get)
            #expect(String(buffer: response.body) == #"["Wembley Stadium"]"#)
            let long = try await client.execute(
                uri: "/api/search/suggest?q=\(String(repeating: "a", count: 501))", method: .get)
            #expect(long.status == .unprocessableContent)
        }
    }

    @Test func `while inventory is down searches are answered, and say that what is left may be old`() async throws {
        try await run { inventory, client, _ async throws in
            inventory.goDown(true)
            let response = try await client.execute(uri: "/api/search?q=coldplay", method: .get)
            #expect(response.status == .ok)
            let reply = try WireJSON.decode(SearchReply.self, from: response.body)
            #expect(reply.results.map(\.event.id) == ["coldplay"])
            #expect(reply.isAvailabilityStale == true)
        }
    }

    /// The service on a search engine outside it that gives `replies`.
    private func run(
        engine replies: [RecordedEngine.Canned], _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await RecordedEngine.with(replies) { engine, _ in
            let test = try TestEnvironment(.search, clock: ManualClock(Catalogue.now))
            let index = ElasticsearchIndex(
                client: engine, prefix: "t", state: ElasticsearchStateStore(client: engine, index: "t-state"))
            let parts = SearchMain.build(
                try SearchConfiguration(test.settings), test.environment, index: index, events: FakeFeed(),
                stock: FakeInventory())
            let application = Application(
                responder: RunningService.responder(parts, test.environment), logger: SearchFixture.logger)
            try await application.test(.router) { client in try await body(client) }
            await test.close()
        }
    }

    @Test(
        arguments: [
            [], [.init(404), .init(404)], [.init(200, "<html>"), .init(200, "<html>")],
        ] as [[RecordedEngine.Canned]])
    func `while a search engine outside does not answer as it must the reply is 503`(
        replies: [RecordedEngine.Canned]
    ) async throws {
        try await run(engine: replies) { client async throws in
            for uri in ["/api/search?q=coldplay", "/api/search/suggest?q=cold"] {
                let response = try await client.execute(uri: uri, method: .get)
                #expect(response.status == .serviceUnavailable)
                #expect(try problem(response).code == "dependency-unavailable")
            }
        }
    }

    @Test(arguments: [
        ("page=99&pageSize=100", true), ("page=100&pageSize=100", false), ("page=333&pageSize=30", false),
    ])
    func `no link leads beyond the deepest page there is`(query: String, hasNext: Bool) async throws {
        let state =
            #"{"_seq_no":7,"_primary_term":2,"_source":{"live":1,"lastBuild":1,"isBuilding":false,"positions":{}}}"#
        let many = #"{"hits":{"total":{"value":20000},"hits":[]}}"#
        try await run(engine: [.init(200, state), .init(200, many)]) { client async throws in
            let response = try await client.execute(uri: "/api/search?\(query)", method: .get)
            #expect(response.status == .ok)
            #expect(response.headers[.xTotalCount] == "20000")
            #expect((response.headers[.link] != nil) == hasNext)
        }
    }

    @Test func `only services may have the index made anew`() async throws {
        try await run { _, client, test async throws in
            let uri = "/internal/search/rebuild"
            #expect(try await client.execute(uri: uri, method: .get).status == .unauthorized)
            let person: HTTPFields = [.authorization: test.bearer("u", .admin), .contentType: "application/json"]
            #expect(
                try await client.execute(uri: uri, method: .post, headers: person, body: .init(string: "{}")).status
                    == .unauthorized)
            let service: HTTPFields = [
                .authorization: test.internalBearer(from: .search), .contentType: "application/json",
            ]
            let status = try WireJSON.decode(
                RebuildStatus.self, from: await client.execute(uri: uri, method: .get, headers: service).body)
            #expect(status == RebuildStatus())
            let begun = try await client.execute(
                uri: uri, method: .post, headers: service, body: .init(string: #"{"restart":false}"#))
            #expect(begun.status == .accepted)
            #expect(try WireJSON.decode(RebuildStatus.self, from: begun.body).state == .running)
        }
    }
}
