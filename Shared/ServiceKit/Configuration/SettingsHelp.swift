/// The text that `--help` prints: what the program is and a table of its settings.
enum SettingsHelp {
    static func text(program: String, summary: String, settings: [Settings.Description]) -> String {
        var lines = [
            "\(program): \(summary)", "",
            "Usage: \(program) [--setting value]...", "",
            "Every setting is a flag, an environment variable of the name on the right, or a line of the file .env;",
            "the first of these that is given counts.", "",
        ]
        let flags = settings.map { "  \(CommandLineFlags.flag(ofKey: $0.key)) \($0.placeholder)" }
        let width = min(44, flags.map(\.count).max() ?? 0)
        for (flag, setting) in zip(flags, settings) {
            let padding = String(repeating: " ", count: max(2, width + 2 - flag.count))
            let standard = setting.defaultValue.map { " [\($0)]" } ?? ""
            lines.append("\(flag)\(padding)\(setting.key): \(setting.help)\(standard)")
        }
        lines += [
            "", "  --check-health  ask the running service whether it is ready: exit status 0 when it is, else 1",
            "  --help          print this text", "  --version       print the version",
        ]
        return lines.joined(separator: "\n")
    }
}
