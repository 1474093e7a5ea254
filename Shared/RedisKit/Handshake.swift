/// The commands that open a connection and the judgement of their replies.
///
/// `PING` tells a server that is ready from one that is loading, wants a password or is no Redis at all, before any
/// command is risked on it; `INFO` names the server's run, see ``RedisScript/takesServerRun``.
struct Handshake {
    /// What a reply means.
    enum Outcome: Equatable {
        case wait
        case done(serverRun: [UInt8])
        case fail(RedisError)
    }

    private enum Step {
        case authenticate, select, ping, identify
    }

    private let steps: [Step]
    private var answered = 0
    /// The commands, in the order in which they are written.
    let commands: [RedisCommand]

    init(_ configuration: RedisConfiguration) {
        var steps: [Step] = []
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            steps.append(.authenticate)
            commands.append(RedisCommand(["AUTH"] + (configuration.username.map { [$0] } ?? []) + [password]))
        }
        if configuration.database != 0 {
            steps.append(.select)
            commands.append(RedisCommand("SELECT", String(configuration.database)))
        }
        self.steps = steps + [.ping, .identify]
        self.commands = commands + [RedisCommand("PING"), RedisCommand("INFO", "server")]
    }

    mutating func received(_ value: RedisValue) -> Outcome {
        let step = steps[answered]
        answered += 1
        switch (step, value) {
        case (.authenticate, .error(let reply)):
            return .fail(RedisError(.authenticationFailed, reply))
        case (.identify, let reply):
            return .done(serverRun: Self.serverRun(in: reply.string ?? ""))
        case (_, .error(let reply)):
            return .fail(RedisError(reply: reply))
        case (.ping, .status("PONG")), (.authenticate, .status), (.select, .status):
            return .wait
        default:
            return .fail(RedisError(.protocolViolation, "an unexpected reply to the handshake"))
        }
    }

    /// The run id of `INFO server`; zeros when the server keeps it to itself, which hides its restarts from scripts.
    private static func serverRun(in info: String) -> [UInt8] {
        let prefix = "run_id:"
        for line in info.split(whereSeparator: \.isNewline) where line.hasPrefix(prefix) {
            let run = Array(line.dropFirst(prefix.count).utf8)
            if run.count == RedisCommand.runLength { return run }
        }
        return Array(repeating: UInt8(ascii: "0"), count: RedisCommand.runLength)
    }
}
