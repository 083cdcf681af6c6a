// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Emission} from "../src/governance/Emission.sol";
import {StoaToken} from "../src/StoaToken.sol";
import {vm} from "./Vm.sol";

/// @dev A token whose minters forget the schedule: what the invariant must notice.
contract UnscheduledToken is StoaToken {
    constructor(address authority, address treasury) StoaToken(authority, treasury) {}

    function mintAnyway(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @dev Governance, minters and passers-by doing whatever they may, in any order.
contract EmissionActor {
    uint256 public clock = 1_800_000_000;
    AccessManager public authority;
    StoaToken public token;
    Emission public emission;

    constructor() {
        vm.warp(clock);
        authority = new AccessManager(address(this));
        token = new StoaToken(address(authority), address(this));
        emission = new Emission(address(authority), token, address(0x9E3));
        bytes4[] memory minting = new bytes4[](1);
        minting[0] = StoaToken.mint.selector;
        authority.setTargetFunctionRole(address(token), minting, 5);
        authority.grantRole(5, address(emission), 0);
        authority.grantRole(5, address(this), 0);
    }

    function passTime(uint256 seconds_) external {
        clock += seconds_ % 1_000 days;
        vm.warp(clock);
    }

    function release() external {
        try emission.release() {} catch {}
    }

    function mint(uint256 amount) external {
        try token.mint(address(0xA11), amount) {} catch {}
    }

    function mintSome(uint256 amount) external {
        uint256 due = emission.due();
        if (due != 0) token.mint(address(0xA11), amount % (due + 1));
    }

    function setReceiver(address receiver) external {
        if (receiver != address(0)) emission.setReceiver(receiver);
    }
}

library EmissionLaw {
    error AboveSchedule(uint256 supply, uint256 scheduled);

    function requireWithin(StoaToken token, uint256 timestamp) internal view {
        (uint256 supply, uint256 scheduled) = (token.totalSupply(), token.scheduledSupply(timestamp));
        if (supply > scheduled || scheduled >= token.CAP()) revert AboveSchedule(supply, scheduled);
    }
}

contract EmissionInvariantTest {
    EmissionActor private actor;

    function setUp() public {
        actor = new EmissionActor();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_supply_is_never_above_the_schedule() public view {
        EmissionLaw.requireWithin(actor.token(), actor.clock());
    }

    function check(StoaToken token, uint256 timestamp) external view {
        EmissionLaw.requireWithin(token, timestamp);
    }

    function test_the_invariant_notices_a_token_that_forgets_the_schedule() public {
        UnscheduledToken broken = new UnscheduledToken(address(actor.authority()), address(this));
        this.check(broken, block.timestamp);
        broken.mintAnyway(address(this), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                EmissionLaw.AboveSchedule.selector, broken.INITIAL_SUPPLY() + 1, broken.INITIAL_SUPPLY()
            )
        );
        this.check(broken, block.timestamp);
    }
}
