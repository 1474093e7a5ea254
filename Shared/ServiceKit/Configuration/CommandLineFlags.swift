/// The `--name value` and `--name=value` pairs of a command line, by the key of the setting they stand for.
///
/// Parsed here and not by the configuration library, because that one ignores what it does not know and splits values
/// at commas: a mistyped flag must be refused, and a list of keys must arrive whole.
package struct CommandLineFlags: Sendable {
    /// Values by key: `--operations-port` is kept as `OPERATIONS_PORT`.
    package private(set) var values: [String: String] = [:]
    /// Whether `--help` or `-h` was given.
    package private(set) var wantsHelp = false
    /// Whether `--version` was given.
    package private(set) var wantsVersion = false
    /// Whether `--check-health` was given.
    package private(set) var wantsHealthCheck = false

    /// Reads `arguments`, which do not include the program's own name.
    package init(_ arguments: [String]) throws(SettingsError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": wantsHelp = true
            case "--version": wantsVersion = true
            case "--check-health": wantsHealthCheck = true
            default: try readPair(argument, &rest)
            }
        }
    }

    private mutating func readPair(_ argument: String, _ rest: inout ArraySlice<String>) throws(SettingsError) {
        guard argument.hasPrefix("--"), argument.count > 2 else {
            throw SettingsError("unexpected argument '\(argument)'; settings are given as --name value (see --help)")
        }
        let pair = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pair[0])
        let key = Self.key(ofFlag: name)
        guard values[key] == nil else { throw SettingsError("--\(name) is given twice") }
        if pair.count == 2 {
            values[key] = String(pair[1])
        } else if let value = rest.first, !value.hasPrefix("--") {
            values[key] = value
            rest.removeFirst()
        } else {
            throw SettingsError("--\(name) needs a value")
        }
    }

    /// `operations-port` → `OPERATIONS_PORT`.
    static func key(ofFlag name: String) -> String {
        name.replacing("-", with: "_").uppercased()
    }

    /// `OPERATIONS_PORT` → `--operations-port`.
    static func flag(ofKey key: String) -> String {
        "--" + key.replacing("_", with: "-").lowercased()
    }
}
