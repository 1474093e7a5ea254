import HTTPKit
import ServiceKit
import Testing

@testable import search

@Suite struct SearchConfigurationTests {
    @Test func `without settings the database is the engine`() throws {
        let configuration = try SearchConfiguration(Settings([String: String]()))
        #expect(configuration.engine == .database)
        #expect(configuration.engineAuthorization == nil)
    }

    @Test func `an engine outside is named by its address`() throws {
        let configuration = try SearchConfiguration(
            Settings([
                "SEARCH_ENGINE": "elasticsearch", "SEARCH_ENGINE_URL": "http://search:9200",
                "SEARCH_ENGINE_AUTHORIZATION": "ApiKey abc",
            ]))
        #expect(configuration.engine == .elasticsearch)
        #expect(configuration.engineEndpoint.port == 9200)
        #expect(configuration.engineAuthorization == "ApiKey abc")
    }

    @Test(arguments: [
        ["SEARCH_ENGINE": "solr"], ["SEARCH_ENGINE_URL": "https://x"], ["SEARCH_ENGINE_INDEX": "../a"],
        ["SEARCH_ENGINE_INDEX": "A"], ["SEARCH_ENGINE_INDEX": "-a"], ["SEARCH_ENGINE_INDEX": "a*"],
    ])
    func `what cannot be is refused`(values: [String: String]) {
        #expect(throws: SettingsError.self) { try SearchConfiguration(Settings(values)) }
    }
}
