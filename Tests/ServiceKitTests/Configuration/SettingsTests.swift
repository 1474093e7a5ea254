import Contracts
import Foundation
import HTTPKit
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct SettingsTests {
    enum Colour: String, CaseIterable { case red, green }

    private func settings(
        _ arguments: [String] = [], _ environment: [String: String] = [:], file: String = ""
    ) async throws -> Settings {
        let directory = try TemporaryDirectory("settings")
        let path = directory.file(".env")
        try Data(file.utf8).write(to: URL(fileURLWithPath: path))
        return try await Settings(arguments: arguments, environment: environment, environmentFile: path)
    }

    @Test func `a flag counts before the environment, that before the file, that before the default`() async throws {
        let file = "REQUEST_SECONDS=3\nDATA_DIR=/from-file\nHOST=file-host\n"
        let environment = ["REQUEST_SECONDS": "2", "DATA_DIR": "/from-environment"]
        let settings = try await settings(["--request-seconds", "1"], environment, file: file)
        #expect(try settings.seconds("REQUEST_SECONDS", default: 10, help: "") == .seconds(1))
        #expect(try settings.string("DATA_DIR", default: "./data", help: "") == "/from-environment")
        #expect(try settings.string("HOST", default: "127.0.0.1", help: "") == "file-host")
        #expect(try settings.int("PORT", default: 5001, in: 0...65_535, help: "") == 5001)
    }

    @Test func `a missing file of settings is no error`() async throws {
        let settings = try await Settings(arguments: [], environment: [:], environmentFile: "/nowhere/.env")
        #expect(try settings.int("PORT", default: 7, in: 1...9, help: "") == 7)
    }

    @Test func `a value with commas arrives whole, by flag too`() async throws {
        let settings = try await settings(["--token-keys=a:1,b:2"], ["OTHER": "x,y"])
        #expect(try settings.string("TOKEN_KEYS", help: "") == "a:1,b:2")
        #expect(try settings.string("OTHER", help: "") == "x,y")
    }

    @Test func `an empty value counts as absent`() async throws {
        let settings = try await settings([], ["LOG_FILE": ""])
        #expect(settings.optionalString("LOG_FILE", help: "") == nil)
    }

    @Test func `a flag that no setting asked for is refused by name`() async throws {
        let settings = try await settings(["--prot", "5001"])
        _ = try settings.int("PORT", default: 5001, in: 0...65_535, help: "")
        let error = #expect(throws: SettingsError.self) { try settings.refuseFlags(notIn: settings.documentation) }
        #expect(error?.description == "unknown setting --prot (see --help)")
    }

    @Test(arguments: [["5001"], ["--port"], ["--port", "1", "--port=2"], ["--port", "--host", "x"], ["-p", "1"]])
    func `a command line that cannot be meant is refused`(arguments: [String]) {
        #expect(throws: SettingsError.self) { try CommandLineFlags(arguments) }
    }

    @Test(arguments: ["70000", "-1", "5001x", "5.5", ""])
    func `a number out of range or none at all is refused with its key`(text: String) throws {
        let settings = Settings(["PORT": text])
        guard !text.isEmpty else {
            #expect(try settings.int("PORT", default: 1, in: 0...65_535, help: "") == 1)
            return
        }
        let error = #expect(throws: SettingsError.self) {
            try settings.int("PORT", default: 1, in: 0...65_535, help: "")
        }
        #expect(error?.description.hasPrefix("PORT must be a whole number from 0 to 65535") == true)
    }

    @Test func `times, truths and choices are read strictly`() throws {
        let settings = Settings(["A": "0.25", "B": "yes", "C": "green", "D": "nan", "E": "maybe", "F": "blue"])
        #expect(try settings.seconds("A", default: 1, help: "") == .milliseconds(250))
        #expect(try settings.bool("B", default: false, help: ""))
        #expect(try settings.choice("C", default: Colour.red, help: "") == .green)
        #expect(throws: SettingsError.self) { try settings.seconds("D", default: 1, help: "") }
        #expect(throws: SettingsError.self) { try settings.bool("E", default: false, help: "") }
        #expect(throws: SettingsError.self) { try settings.choice("F", default: Colour.red, help: "") }
        #expect(throws: SettingsError.self) { try settings.endpoints("F", default: "http://x", help: "") }
    }

    @Test func `the replicas of a service are a list of addresses, bounded and without repetition`() throws {
        func endpoints(_ text: String) throws -> [Endpoint] {
            try Settings(["A_URL": text]).endpoints("A_URL", default: "http://x", help: "")
        }
        #expect(try endpoints("http://a:1") == [Endpoint(host: "a", port: 1)])
        #expect(
            try endpoints("http://a:1, http://[::1]:2,http://a:3")
                == [Endpoint(host: "a", port: 1), Endpoint(host: "::1", port: 2), Endpoint(host: "a", port: 3)])
        let tooMany = (1...33).map { "http://a:\($0)" }.joined(separator: ",")
        for text in ["http://a,", ",http://a", "http://a,http://a:80", "http://a;http://b", "a:1", tooMany] {
            #expect(throws: SettingsError.self) { try endpoints(text) }
        }
    }

    @Test func `a missing secret names its key and its file key`() throws {
        let error = #expect(throws: SettingsError.self) { try Settings([:]).secret("TOKEN_KEYS", help: "") }
        #expect(error?.description == "TOKEN_KEYS is missing: set it or TOKEN_KEYS_FILE")
    }

    @Test func `a secret may come from a file, without its last line break`() throws {
        let directory = try TemporaryDirectory("secret")
        try Data("s3cret\n".utf8).write(to: URL(fileURLWithPath: directory.file("key")))
        let settings = Settings(["TOKEN_KEYS_FILE": directory.file("key")])
        #expect(try settings.secret("TOKEN_KEYS", help: "") == "s3cret")
        let both = Settings(["TOKEN_KEYS_FILE": directory.file("key"), "TOKEN_KEYS": "x"])
        #expect(throws: SettingsError.self) { try both.secret("TOKEN_KEYS", help: "") }
        let absent = Settings(["TOKEN_KEYS_FILE": directory.file("none")])
        #expect(throws: SettingsError.self) { try absent.secret("TOKEN_KEYS", help: "") }
    }

    @Test func `an address that may hold a password comes from a file as well, else it has its default`() throws {
        let directory = try TemporaryDirectory("secret")
        try Data("redis://:s3cret@redis:6379\n".utf8).write(to: URL(fileURLWithPath: directory.file("url")))
        let settings = Settings(["REDIS_URL_FILE": directory.file("url"), "DATABASE_URL_FILE": directory.file("url")])
        #expect(try settings.secret("REDIS_URL", default: "redis://x", help: "") == "redis://:s3cret@redis:6379")
        #expect(try settings.optionalSecret("DATABASE_URL", help: "") == "redis://:s3cret@redis:6379")
        #expect(try Settings([:]).secret("REDIS_URL", default: "redis://x", help: "") == "redis://x")
    }

    @Test func `documentation lists every setting that was asked for, with its default, and needs no secret`() throws {
        let settings = Settings.documenting()
        _ = try CommonSettings(settings, service: .gateway)
        let keys = settings.documentation.map(\.key)
        for key in ["HOST", "PORT", "OPERATIONS_PORT", "TOKEN_KEYS", "TOKEN_KEYS_FILE", "SEARCH_URL", "LOG_LEVEL"] {
            #expect(keys.contains(key))
        }
        let text = SettingsHelp.text(program: "gateway", summary: "is the door", settings: settings.documentation)
        #expect(text.contains("gateway: is the door"))
        #expect(text.contains("--operations-port NUMBER"))
        #expect(text.contains("OPERATIONS_PORT: port of health and metrics of the gateway (0…65535) [5010]"))
    }

    @Test func `keys of tokens are checked without being shown`() throws {
        let hex = String(repeating: "ab", count: 32)
        let ring = try KeyRing(parsing: "new:\(hex),old:\(hex)", setting: "TOKEN_KEYS")
        #expect(ring.signing.id == "new")
        #expect(ring.all.map(\.id) == ["new", "old"])
        for text in ["", hex, "a:\(hex.dropLast())", "a:\(hex),a:\(hex)", "a b:\(hex)", "a:zz\(hex.dropFirst(2))"] {
            let error = #expect(throws: SettingsError.self) { try KeyRing(parsing: text, setting: "TOKEN_KEYS") }
            #expect(error?.description.contains("abab") == false)
        }
    }
}
