import ServiceKit

/// The auth service's process.
@main
enum AuthMain {
    static func main() async {
        await ServiceRunner.main(AuthMain.self)
    }
}
