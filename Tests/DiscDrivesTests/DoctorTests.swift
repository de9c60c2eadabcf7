import DiscDrives
import LinuxCalls
import MMC
import Reports
import SystemPackage
import Testing

/// What the doctor says of machines as people have them.
@Suite struct DoctorTests {
    private static let cdrom = 24

    private func access(
        groups: Set<Int> = [1000],
        permissions: Int = 0o660,
        group: Int = cdrom,
        groupName: String? = "cdrom",
        isListed: Bool = false,
        container: String? = nil,
        major: Int = 11
    ) -> DriveAccess {
        DriveAccess(
            node: DeviceNode(
                owner: 0,
                group: group,
                permissions: permissions,
                // A number that no kernel here has a device for, so that only the driver's tells.
                major: major,
                minor: 250,
                isBlock: true
            ),
            user: 1000,
            userName: "ada",
            groups: groups,
            groupName: groupName,
            isListedMember: isListed,
            container: container
        )
    }

    private func doctor(_ drives: [DriveFacts], _ set: (inout Doctor.Machine) -> Void = { _ in })
        -> Doctor
    {
        var machine = Doctor.Machine()
        machine.drives = drives
        set(&machine)
        return Doctor(machine)
    }

    private func facts(_ access: DriveAccess, opens: Bool = true) -> DriveFacts {
        var facts = DriveFacts("/dev/sr0", access)
        (facts.canRead, facts.canWrite) = (opens, opens)
        return facts
    }

    @Test func `a user outside the group is told which to join`() throws {
        let finding = try #require(doctor([facts(access(), opens: false)]).findings.first)
        #expect(finding.id == "permission")
        #expect(finding.level == .problem)
        #expect(finding.drive == "/dev/sr0")
        #expect(finding.fix?.contains("sudo usermod -aG cdrom ada") == true)
    }

    @Test func `a user who joined after logging in is told to log in anew`() throws {
        let finding = try #require(
            doctor([facts(access(isListed: true), opens: false)]).findings.first
        )
        #expect(finding.fix?.contains("log out and in again") == true)
        #expect(finding.fix?.contains("usermod") == false)
    }

    @Test(arguments: [(0o600, 24, "cdrom"), (0o660, 0, "root"), (0o640, 24, "cdrom")])
    func `joining a group is not advised where it gives no right`(
        _ permissions: Int,
        _ group: Int,
        _ name: String
    ) throws {
        let access = access(permissions: permissions, group: group, groupName: name)
        let finding = try #require(doctor([facts(access, opens: false)]).findings.first)
        #expect(finding.fix?.contains("usermod") == false)
        #expect(finding.fix?.contains("chgrp") == true)
    }

    @Test func `in a container, the container's options are the way`() throws {
        let finding = try #require(
            doctor([facts(access(container: "podman"), opens: false)]).findings.first
        )
        #expect(finding.fix?.contains("--device") == true)
        #expect(finding.fix?.contains("usermod") == false)
        let none = try #require(doctor([]) { $0.container = "docker" }.findings.first)
        #expect(none.id == "no-drive")
        #expect(none.fix?.contains("--device") == true)
    }

    @Test(arguments: [8, 259, 253])
    func `a hard disk is never taken for a drive`(_ major: Int) throws {
        let doctor = doctor([facts(access(groupName: "disk", major: major), opens: false)])
        #expect(doctor.findings.map(\.id) == ["not-a-drive"])
        #expect(doctor.findings.allSatisfy { $0.fix?.contains("usermod") != true })
    }

    @Test func `a drive without a driver is named with what loads it`() throws {
        let finding = try #require(
            doctor([]) { $0.withoutDriver = ["HL-DT-ST DVDRAM"] }.findings.first
        )
        #expect(finding.id == "no-driver")
        #expect(finding.text.contains("HL-DT-ST DVDRAM"))
        #expect(finding.fix?.contains("modprobe sr_mod") == true)
    }

    @Test func `a mounted disc and a busy drive are told apart`() throws {
        var mounted = facts(access())
        mounted.mountPoint = "/media/ada/DISC"
        let first = try #require(doctor([mounted]).findings.first)
        #expect(first.id == "mounted" && first.level == .note)
        #expect(first.fix?.contains("umount /media/ada/DISC") == true)
        var busy = facts(access())
        busy.isClaimed = true
        busy.holders = [DriveHolder(process: 4711, name: "growisofs")]
        let doctor = doctor([busy])
        let second = try #require(doctor.findings.first)
        #expect(second.id == "busy" && second.level == .problem)
        #expect(second.text.contains("growisofs (process 4711)"))
        #expect(second.fix?.contains("kill 4711") == true)
        #expect(doctor.hasProblem)
    }

    @Test func `a drive that works is fine, and problems of others come first`() throws {
        var good = facts(access(groups: [24]))
        good.identity = Inquiry(vendor: "ASUS", product: "BW-16D1HT", revision: "3.10")
        let bad = facts(access(), opens: false)
        let doctor = doctor([good, bad])
        #expect(doctor.findings.map(\.level) == [.problem, .fine])
        #expect(doctor.findings.last?.text.contains("ASUS BW-16D1HT") == true)
        #expect(!self.doctor([good]).hasProblem)
    }
}
