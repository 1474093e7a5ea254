import Foundation
package import HTTPKit

extension Settings {
    /// A text; required unless `default` is given.
    package func string(_ key: String, default: String? = nil, help: String) throws(SettingsError) -> String {
        if let text = value(key, placeholder: "TEXT", default: `default`, help: help) ?? `default` { return text }
        guard isDocumenting else { throw missing(key) }
        return ""
    }

    /// A text that may be absent.
    package func optionalString(_ key: String, help: String) -> String? {
        value(key, placeholder: "TEXT", default: nil, help: help)
    }

    /// A whole number within `range`.
    package func int(
        _ key: String, default: Int, in range: ClosedRange<Int>, help: String
    ) throws(SettingsError) -> Int {
        let note = "\(help) (\(range.lowerBound)…\(range.upperBound))"
        guard let text = value(key, placeholder: "NUMBER", default: String(`default`), help: note) else {
            return `default`
        }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsError(
                "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }

    /// A time span in seconds, decimals allowed, within `range`.
    package func seconds(
        _ key: String, default: Double, in range: ClosedRange<Double> = 0...86_400 * 366, help: String
    ) throws(SettingsError) -> Duration {
        let standard = Self.text(of: `default`)
        guard let text = value(key, placeholder: "SECONDS", default: standard, help: help) else {
            return .milliseconds(Int64(`default` * 1000))
        }
        guard let number = Double(text), number.isFinite, range.contains(number) else {
            let bounds = "\(Self.text(of: range.lowerBound)) to \(Self.text(of: range.upperBound))"
            throw SettingsError("\(key) must be a number of seconds from \(bounds), not '\(text)'")
        }
        return .milliseconds(Int64(number * 1000))
    }

    /// `true` or `false`, also written `yes`, `no`, `on`, `off`, `1` or `0`.
    package func bool(_ key: String, default: Bool, help: String) throws(SettingsError) -> Bool {
        let given = value(key, placeholder: "true|false", default: String(`default`), help: help)
        guard let text = given else { return `default` }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw SettingsError("\(key) must be true or false, not '\(text)'")
        }
    }

    /// One of the cases of an enumeration of texts.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default: Choice, help: String
    ) throws(SettingsError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let placeholder = names.joined(separator: "|")
        guard let text = value(key, placeholder: placeholder, default: `default`.rawValue, help: help) else {
            return `default`
        }
        guard let choice = Choice(rawValue: text) else {
            throw SettingsError("\(key) must be one of \(names.joined(separator: ", ")), not '\(text)'")
        }
        return choice
    }

    /// The addresses of the replicas of a server, written `http://host:port[,http://host:port…]`, none twice.
    package func endpoints(_ key: String, default: String, help: String) throws(SettingsError) -> [Endpoint] {
        let text = value(key, placeholder: "URL[,URL…]", default: `default`, help: help) ?? `default`
        var endpoints: [Endpoint] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let endpoint = try? Endpoint(url: part.trimmingCharacters(in: .whitespaces)) else {
                throw SettingsError("\(key) must be written http://host:port[,http://host:port…], not '\(text)'")
            }
            guard !endpoints.contains(endpoint) else { throw SettingsError("\(key) names \(endpoint) twice") }
            endpoints.append(endpoint)
        }
        guard endpoints.count <= ReplicaDirectory.endpointsMax else {
            throw SettingsError("\(key) names more than \(ReplicaDirectory.endpointsMax) endpoints")
        }
        return endpoints
    }

    /// The address of a server that has one, written `http://host:port`.
    package func endpoint(_ key: String, default: String, help: String) throws(SettingsError) -> Endpoint {
        let text = value(key, placeholder: "URL", default: `default`, help: help) ?? `default`
        guard let endpoint = try? Endpoint(url: text) else {
            throw SettingsError("\(key) must be written http://host:port, not '\(text)'")
        }
        return endpoint
    }

    /// A secret that must be given, itself or in the file that `KEY_FILE` names; never shown again.
    package func secret(_ key: String, help: String) throws(SettingsError) -> String {
        if let secret = try optionalSecret(key, help: help) { return secret }
        guard isDocumenting else {
            throw SettingsError("\(key) is missing: set it or \(key)_FILE")
        }
        return ""
    }

    /// A setting that may hold a secret and has a default, itself or in the file that `KEY_FILE` names.
    package func secret(_ key: String, default: String, help: String) throws(SettingsError) -> String {
        try optionalSecret(key, default: `default`, help: help) ?? `default`
    }

    /// A secret that may be absent, itself or in the file that `KEY_FILE` names; its last line break is not part of it.
    package func optionalSecret(_ key: String, help: String) throws(SettingsError) -> String? {
        try optionalSecret(key, default: nil, help: help)
    }

    private func optionalSecret(
        _ key: String, default: String?, help: String
    ) throws(SettingsError) -> String? {
        let direct = value(key, placeholder: "SECRET", default: `default`, help: help)
        let fileKey = key + "_FILE"
        let path = value(fileKey, placeholder: "PATH", default: nil, help: "a file that holds \(key)")
        guard let path else { return direct }
        guard direct == nil else { throw SettingsError("\(key) and \(fileKey) are both set: keep one") }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.secretBytesMax else {
            throw SettingsError("\(fileKey): cannot read '\(path)'")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SettingsError("\(fileKey): '\(path)' is not text")
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else { throw SettingsError("\(fileKey): '\(path)' is empty") }
        return secret
    }

    private static let secretBytesMax = 65_536

    private func missing(_ key: String) -> SettingsError {
        SettingsError("\(key) is missing: set it in the environment or as \(CommandLineFlags.flag(ofKey: key))")
    }

    private static func text(of number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
}
