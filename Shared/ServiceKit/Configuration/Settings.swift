import Configuration
import Contracts
import Foundation
import Synchronization
import SystemPackage

/// Every setting of a process, read by key and documented by the same call.
///
/// A key such as `OPERATIONS_PORT` is looked up as the flag `--operations-port`, then as an environment variable, then
/// in `.env`; an empty value counts as absent. In documentation mode nothing is looked up and nothing can fail, so that
/// `--help` is made by the code that reads the settings and cannot disagree with it.
package final class Settings: Sendable {
    /// One line of the table that `--help` prints.
    package struct Description: Sendable, Hashable {
        package let key: String
        /// What stands for the value, such as `SECONDS`.
        package let placeholder: String
        /// The value without the setting; nil when it must be given or has none.
        package let defaultValue: String?
        package let help: String
    }

    private let reader: ConfigReader?
    private let flags: CommandLineFlags
    private let descriptions = Mutex<[Description]>([])

    /// Settings of a real process.
    ///
    /// - Parameters:
    ///   - arguments: the command line without the program's name
    ///   - environment: the environment variables
    ///   - environmentFile: a file of `NAME=value` lines that may be missing
    package init(
        arguments: [String], environment: [String: String], environmentFile: String = ".env"
    ) async throws {
        let flags = try CommandLineFlags(arguments)
        self.flags = flags
        let file: EnvironmentVariablesProvider
        do {
            file = try await EnvironmentVariablesProvider(
                environmentFilePath: FilePath(environmentFile), allowMissing: true)
        } catch {
            throw SettingsError("cannot read \(environmentFile): \(error)")
        }
        reader = ConfigReader(providers: [
            EnvironmentVariablesProvider(environmentVariables: flags.values.filter { !$0.value.isEmpty }),
            EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty }),
            file,
        ])
    }

    /// Settings from a dictionary alone, for tests and tools.
    package init(_ values: [String: String]) {
        flags = CommandLineFlags.none
        reader = ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: values.filter { !$0.value.isEmpty }))
    }

    private init() {
        flags = CommandLineFlags.none
        reader = nil
    }

    /// Settings that only collect their own documentation: every call answers its default or an empty stand-in.
    package static func documenting() -> Settings { Settings() }

    /// Whether this object only collects documentation.
    package var isDocumenting: Bool { reader == nil }

    /// What has been read so far, in the order of the calls.
    package var documentation: [Description] { descriptions.withLock { $0 } }

    /// Throws for a flag that is none of `documentation`: it is mistyped or belongs to another service.
    package func refuseFlags(notIn documentation: [Description]) throws(SettingsError) {
        let known = Set(documentation.map(\.key))
        guard let unknown = flags.values.keys.filter({ !known.contains($0) }).min() else { return }
        throw SettingsError("unknown setting \(CommandLineFlags.flag(ofKey: unknown)) (see --help)")
    }

    /// Records the setting and returns what was given for it, if anything.
    func value(_ key: String, placeholder: String, default: String?, help: String) -> String? {
        let description = Description(key: key, placeholder: placeholder, defaultValue: `default`, help: help)
        descriptions.withLock { descriptions in
            guard !descriptions.contains(where: { $0.key == key }) else { return }
            descriptions.append(description)
        }
        guard let reader else { return nil }
        let components = key.lowercased().split(separator: "_").map(String.init)
        guard let text = reader.string(forKey: ConfigKey(components)), !text.isEmpty else { return nil }
        return text
    }
}

extension CommandLineFlags {
    /// No flags at all.
    static let none = CommandLineFlags()

    private init() {}
}
