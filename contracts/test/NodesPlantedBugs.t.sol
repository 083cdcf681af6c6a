// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Nodes} from "../src/Nodes.sol";
import {ISlashes} from "../src/interfaces/ISlashes.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {NodesActor, NodesRules} from "./NodesSolvency.t.sol";
import {vm} from "./Vm.sol";

/// @dev Credits rewards twice.
contract GenerousNodes is Nodes {
    constructor(address authority, IVaultParameters.Parameters memory given) Nodes(authority, given, 0) {}

    function _creditReward(address account, address token, uint256 amount) internal override {
        super._creditReward(account, token, 2 * amount);
    }
}

/// @dev Does not count what a sheet has paid for already.
contract ForgetfulNodes is Nodes {
    constructor(address authority, IVaultParameters.Parameters memory given)
        Nodes(authority, given, 30 days)
    {}

    function _reserveBond(SlashEvidence calldata, uint256) internal override {}
}

/// @dev Does not ask the vault, and lets it take what it likes.
contract HastyNodes is Nodes {
    constructor(address authority, IVaultParameters.Parameters memory given)
        Nodes(authority, given, 30 days)
    {}

    function _payDamages(
        TypedData.Order calldata order,
        bytes32,
        bytes32,
        address,
        address,
        uint256,
        uint256
    ) internal override {
        IERC20(order.token).approve(VAULT, 1);
    }
}

/// @dev Does not remember whom it punished.
contract VengefulNodes is Nodes {
    constructor(address authority, IVaultParameters.Parameters memory given) Nodes(authority, given, 0) {}

    function _punish(bytes32, address provider, address node, address token) internal override {
        _creditReward(msg.sender, token, _takeStake(provider, node, token, 1));
    }
}

/// @dev Plays on a faulty contract that stands where the real one stood.
contract PlantingActor is NodesActor {
    function plantGenerous() external {
        vm.prank(address(vault));
        _plant(new GenerousNodes(address(authority), _parameters()));
    }

    function plantForgetful() external {
        vm.prank(address(vault));
        _plant(new ForgetfulNodes(address(authority), _parameters()));
    }

    function plantHasty() external {
        vm.prank(address(vault));
        _plant(new HastyNodes(address(authority), _parameters()));
    }

    function plantVengeful() external {
        vm.prank(address(vault));
        _plant(new VengefulNodes(address(authority), _parameters()));
    }

    /// @dev An operator that signs award after award on the node's one bid for an order.
    function slashManyAwards(uint256 count) external {
        for (uint256 i = 0; i < count; ++i) {
            roundHash = bytes32(i);
            this.slash(0, 0, 10 * DOLLAR, 0);
        }
    }

    function _plant(Nodes faulty) private {
        vm.etch(address(nodes), address(faulty).code);
    }
}

/// @dev Each rule of the invariant suite sees the fault it is there for.
contract NodesPlantedBugsTest is NodesRules {
    PlantingActor private planting;

    function setUp() public {
        planting = new PlantingActor();
        planting.setUp();
        actor = planting;
        for (uint256 i = 0; i < 10; ++i) planting.stake(0, 20 * 1e6 - 1);
    }

    function test_rewards_credited_twice_are_seen() public {
        planting.plantGenerous();
        planting.reward(1e6);
        vm.expectPartialRevert(Insolvent.selector);
        this.requireSolvent();
    }

    function test_slashes_past_the_bonds_are_seen() public {
        planting.slashManyAwards(12);
        this.requireSlashesWithinBonds();
        planting.plantForgetful();
        planting.slashManyAwards(12);
        vm.expectPartialRevert(SlashedOverBonds.selector);
        this.requireSlashesWithinBonds();
    }

    function test_slash_of_a_settled_order_and_an_allowance_are_seen() public {
        planting.plantHasty();
        planting.settle(0);
        planting.slash(0, 0, 0, 0);
        vm.expectPartialRevert(PaidAndSlashed.selector);
        this.requirePaidOrSlashed();
        vm.expectPartialRevert(AllowanceLeft.selector);
        this.requireNoAllowance();
    }

    function test_second_punishment_is_seen() public {
        planting.plantVengeful();
        planting.report(0, 0);
        this.requireOnePunishment();
        planting.report(0, 0);
        vm.expectPartialRevert(PunishedAgain.selector);
        this.requireOnePunishment();
    }
}
