import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import search

/// Queries that nobody types, made from a seed so that a failure can be had again.
@Suite(.serialized, .onBothDatabases) struct HostileQueryTests {
    private static let pieces = [
        "%22", "%27", "*", "(", ")", "%00", "OR", "AND", "NOT", "NEAR", ":", "title%3A", "-", "^", "%25", "_", "%5C",
        "coldplay", "+", "%20", "%F0%9F%8E%B8", "%CC%81", "%C5%81", "%FF", "%ZZ", "%", "{", "}", "%26", "%7C", "!",
        "%3C-%3E", "%3B--", "0", "1e999", "%E2%80%8B", "%EF%BF%BF", "%F4%8F%BF%BF", "a%CC%80%CC%81", "%0A", "%09",
        String(repeating: "x", count: 600), String(repeating: "%22a", count: 60),
    ]
    private static let names = [
        "q", "city", "category", "from", "to", "minPrice", "maxPrice", "available", "sort", "page", "pageSize", "other",
    ]
    private static let values = [
        "", "0", "-1", "1", "20", "1000000", "99999999999999999999", "NaN", "1e5", "12.345", "USD", "%E2%82%AC5",
        "2026-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "yesterday", "true", "false", "relevance", "price", "best",
    ]

    private static func query(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            let name = names.randomElement(using: &generator) ?? "q"
            let value =
                Bool.random(using: &generator)
                ? values.randomElement(using: &generator) ?? ""
                : (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                    pieces.randomElement(using: &generator) ?? ""
                }.joined()
            return "\(name)=\(value)"
        }.joined(separator: "&")
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `whatever is asked, the answer is a list or says what is wrong`(seed: UInt64) async throws {
        let test = try await TestEnvironment.make(.search, clock: ManualClock(Catalogue.now))
        let feed = FakeFeed(Catalogue.events)
        let database = try await test.environment.openDatabase(migrations: SearchMigrations.all)
        let index = SQLSearchIndex(database: database)
        try await RebuildIndex(index: index, feed: feed, logger: SearchFixture.logger).build(restart: true)
        let parts = SearchMain.build(
            try SearchConfiguration(test.settings), test.environment, index: index, events: feed,
            stock: FakeInventory())
        let application = Application(
            responder: RunningService.responder(parts, test.environment), logger: SearchFixture.logger)
        try await application.test(.router) { client in
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<150 {
                let query = Self.query(&generator)
                let response = try await client.execute(uri: "/api/search?\(query)", method: .get)
                if response.status == .ok {
                    #expect(throws: Never.self, "\(query)") {
                        try WireJSON.decode(SearchReply.self, from: response.body)
                    }
                } else {
                    #expect(response.status == .unprocessableContent, "\(query)")
                    #expect(response.headers[.contentType]?.hasPrefix("application/problem+json") == true, "\(query)")
                }
                let suggest = try await client.execute(uri: "/api/search/suggest?\(query)", method: .get)
                #expect([.ok, .unprocessableContent].contains(suggest.status), "\(query)")
            }
        }
        await test.close()
    }
}
