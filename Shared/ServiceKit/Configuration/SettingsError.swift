/// A setting that cannot be used: printed as one line on standard error before the process ends with status 64.
package struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and with which setting, without its value when it is a secret.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
