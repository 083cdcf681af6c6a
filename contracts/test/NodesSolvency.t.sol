// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever providers, reporters, operator and governance may do with stakes, in any order.
contract NodesActor is MarketFixture {
    uint256 public constant ORDERS = 4;

    uint256 public clock = START;
    /// @dev What the operator's slashes took of all stakes.
    uint256 public slashedByOperator;
    /// @dev Awards slashed after their order was paid for, or paid for after they were slashed.
    uint256 public paidAndSlashed;
    /// @dev The round of the awards that come next: an operator can sign any number on one bid.
    bytes32 public roundHash = keccak256("round");
    /// @dev Conflicts punished more than once.
    uint256 public punishedAgain;
    mapping(uint256 conflict => mapping(address provider => bool)) private _punished;

    /// @dev Open to the fuzzer like every function, so a second call must change nothing.
    function setUp() public override {
        if (address(nodes) != address(0)) return;
        super.setUp();
        bytes memory consent = _signWith(
            NODE_KEY,
            _digest(keccak256(abi.encode(TypedData.NODE_CONSENT_TYPEHASH, NODE, PROVIDER, 0, uint64(START))))
        );
        vm.prank(PROVIDER);
        nodes.register(NODE, 1, uint64(START), consent);
    }

    function stake(uint256 who, uint256 amount) external {
        if (nodes.paused()) return;
        _stake(_provider(who), _bound(amount, 1, 20 * DOLLAR));
    }

    function requestUnstake(uint256 who, uint256 amount) external {
        (uint256 active,,) = nodes.stakeOf(_provider(who), NODE, address(token));
        if (active == 0) return;
        vm.prank(_provider(who));
        nodes.requestUnstake(NODE, address(token), _bound(amount, 1, active));
    }

    function completeUnstake(uint256 who) external {
        try nodes.completeUnstake(_provider(who), NODE, address(token)) {} catch {}
    }

    function slash(uint256 order, uint256 who, uint256 damages, uint256 toRequester) external {
        damages = _bound(damages, 0, 10 * DOLLAR);
        (uint256 before, uint256 waiting,) = nodes.stakeOf(_provider(who), NODE, address(token));
        ISettlements.Settlement memory item = _item(order);
        vm.prank(OPERATOR);
        try nodes.slash(_slashEvidence(item), _provider(who), damages, _bound(toRequester, 0, damages)) {
            if (vault.isSpent(item.order.requester, item.order.nonce)) ++paidAndSlashed;
            (uint256 left, uint256 leftWaiting,) = nodes.stakeOf(_provider(who), NODE, address(token));
            slashedByOperator += before + waiting - left - leftWaiting;
        } catch {}
    }

    function settle(uint256 order) external {
        ISettlements.Settlement memory item = _item(order);
        try vault.settleOne(item) {
            if (nodes.slashed(_awardHash(item.award))) ++paidAndSlashed;
        } catch {}
    }

    function awardAgain(uint256 round) external {
        roundHash = bytes32(round % 8);
    }

    function rule(uint256 who, uint256 damages) external {
        vm.prank(GOVERNOR);
        nodes.slashByRuling(_provider(who), NODE, address(token), _bound(damages, 0, 5 * DOLLAR), STRANGER);
    }

    function report(uint256 conflict, uint256 who) external {
        conflict %= ORDERS;
        bytes32[2] memory results = [bytes32(uint256(1)), bytes32(uint256(2))];
        bytes[2] memory signatures;
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 receipt = keccak256(abi.encode(TypedData.RECEIPT_TYPEHASH, bytes32(conflict), results[i]));
            signatures[i] = _signWith(NODE_KEY, _digest(receipt));
        }
        vm.prank(STRANGER);
        try nodes.reportResults(_provider(who), NODE, address(token), bytes32(conflict), results, signatures) {
            if (_punished[conflict][_provider(who)]) ++punishedAgain;
            _punished[conflict][_provider(who)] = true;
        } catch {}
    }

    function reward(uint256 amount) external {
        amount = _bound(amount, 1, 5 * DOLLAR);
        token.mint(GOVERNOR, amount);
        vm.prank(GOVERNOR);
        token.approve(address(nodes), amount);
        vm.prank(GOVERNOR);
        nodes.reward(NODE, address(token), amount);
    }

    function claimRewards(uint256 who) external {
        try nodes.claimRewards(_earner(who), address(token)) {} catch {}
    }

    function setPaused(bool paused) external {
        if (paused == nodes.paused()) return;
        vm.prank(GOVERNOR);
        if (paused) nodes.pause();
        else nodes.unpause();
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, WITHDRAW_DELAY);
        vm.warp(clock);
    }

    /// @dev All that the contract of stakes owes to anybody.
    function owed() external view returns (uint256 sum) {
        for (uint256 who = 0; who < 2; ++who) {
            (uint256 active, uint256 unstaking,) = nodes.stakeOf(_provider(who), NODE, address(token));
            sum += active + unstaking;
        }
        for (uint256 who = 0; who < 3; ++who) sum += nodes.rewardsOf(_earner(who), address(token));
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(nodes));
    }

    function allowance() external view returns (uint256) {
        return token.allowance(address(nodes), address(vault));
    }

    /// @dev What the node signed to the operator: one sheet for every order, two slots each.
    function bonds() external pure returns (uint256) {
        return ORDERS * 2 * 10 * DOLLAR;
    }

    function _provider(uint256 who) private pure returns (address) {
        return who % 2 == 0 ? PROVIDER : STRANGER;
    }

    function _earner(uint256 who) private pure returns (address) {
        return [PROVIDER, STRANGER, FAULTS][who % 3];
    }

    function _item(uint256 order) private view returns (ISettlements.Settlement memory item) {
        item = _unsigned(order % ORDERS);
        item.order.settleBy = uint64(START + 30 days);
        item.award.roundHash = roundHash;
        item = _sign(item);
    }
}

/// @dev The rules, as checks that a test can call too.
abstract contract NodesRules {
    NodesActor internal actor;

    error Insolvent(uint256 owed, uint256 held);
    error SlashedOverBonds(uint256 slashed, uint256 bonds);
    error PaidAndSlashed(uint256 orders);
    error PunishedAgain(uint256 conflicts);
    error AllowanceLeft(uint256 allowance);

    /// @dev Stakes and rewards are all there.
    function requireSolvent() public view {
        (uint256 owed, uint256 held) = (actor.owed(), actor.held());
        if (owed != held) revert Insolvent(owed, held);
    }

    /// @dev The operator takes at most the bonds the node signed.
    function requireSlashesWithinBonds() public view {
        (uint256 slashed, uint256 bonds) = (actor.slashedByOperator(), actor.bonds());
        if (slashed > bonds) revert SlashedOverBonds(slashed, bonds);
    }

    /// @dev No award is both paid for and slashed.
    function requirePaidOrSlashed() public view {
        uint256 orders = actor.paidAndSlashed();
        if (orders != 0) revert PaidAndSlashed(orders);
    }

    /// @dev A conflict is punished once.
    function requireOnePunishment() public view {
        uint256 conflicts = actor.punishedAgain();
        if (conflicts != 0) revert PunishedAgain(conflicts);
    }

    /// @dev Between slashes the vault may take nothing.
    function requireNoAllowance() public view {
        uint256 allowance = actor.allowance();
        if (allowance != 0) revert AllowanceLeft(allowance);
    }
}

contract NodesSolvencyTest is NodesRules {
    function setUp() public {
        actor = new NodesActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_stakes_are_kept_by_the_rules() public view {
        requireSolvent();
        requireSlashesWithinBonds();
        requirePaidOrSlashed();
        requireOnePunishment();
        requireNoAllowance();
    }
}
