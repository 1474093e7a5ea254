import ServiceKit

/// The gateway: the one door to all services.
@main
enum GatewayMain {
    static func main() async {
        await ServiceRunner.main(GatewayMain.self)
    }
}
