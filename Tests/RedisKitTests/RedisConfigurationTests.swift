import RedisKit
import Testing

@Suite struct RedisConfigurationTests {
    @Test func `a full URL is read`() throws {
        let configuration = try RedisConfiguration(url: "redis://:p%40ss@cache.example:7000/3")
        #expect(configuration.host == "cache.example")
        #expect(configuration.port == 7000)
        #expect(configuration.password == "p@ss")
        #expect(configuration.username == nil)
        #expect(configuration.database == 3)
    }

    @Test func `port and database have defaults`() throws {
        let configuration = try RedisConfiguration(url: "redis://localhost")
        #expect(configuration.port == 6379)
        #expect(configuration.database == 0)
    }

    @Test func `an address of version 6 stands in brackets`() throws {
        #expect(try RedisConfiguration(url: "redis://[::1]:7000").host == "::1")
    }

    @Test(arguments: [
        "", "localhost:6379", "http://localhost", "rediss://localhost", "redis://", "redis://host:0",
        "redis://host:99999", "redis://host/zero", "redis://host/-1", "redis://user@host", "redis://host?x=1",
    ])
    func `an unusable URL is refused with a reason that does not repeat it`(url: String) throws {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `a refusal does not show the password`() {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: "redis://:hunter2@host/x") }
        #expect(error.map { !$0.message.contains("hunter2") } == true)
    }
}
